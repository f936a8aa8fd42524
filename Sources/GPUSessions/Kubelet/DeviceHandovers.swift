/// Devices that several containers of one pod were handed: an init container's, which the next container took over.
extension AllocationResolver {
  /// Leaves out containers that have handed their device on. Of the containers that were handed one replica those hold
  /// it that run. Where none of them is known to run, as in a crash loop, all do.
  ///
  /// The holdings are sorted: those of one device and pod stand side by side, by container.
  func withoutHandedOn(
    _ holdings: [Holding], _ running: inout RunningContainers, _ names: inout PodNameResolver
  ) -> [Holding] {
    var kept: [Holding] = []
    kept.reserveCapacity(holdings.count)
    var rest = holdings[...]
    while let first = rest.first {
      let pod = rest.prefix { $0.device == first.device && podUID($0) == podUID(first) }
      rest = rest.dropFirst(pod.count)
      if let last = pod.last, let uid = podUID(first), container(first) != container(last) {
        kept += withoutHandedOn(pod) { running.names(inPod: uid, &names) }
      } else {
        kept += pod
      }
    }
    return kept
  }

  /// The same for one device and one pod; `running` are the names of the pod's containers that run.
  private func withoutHandedOn(_ pod: ArraySlice<Holding>, running: () -> Set<String>) -> [Holding] {
    var containers: [ArraySlice<UInt8>: Set<String>] = [:]
    for holding in pod where !isClaim(holding) { containers[id(holding), default: []].insert(container(holding)) }
    if containers.values.allSatisfy({ $0.count == 1 }) { return Array(pod) }
    let running = running()
    return pod.filter { holding in
      guard !isClaim(holding), let holders = containers[id(holding)] else { return true }
      return running.contains(container(holding)) || running.isDisjoint(with: holders)
    }
  }

  private func podUID(_ holding: Holding) -> PodUID? { entries[holding.entry].podUID }
  private func container(_ holding: Holding) -> String { entries[holding.entry].containerName }
  private func isClaim(_ holding: Holding) -> Bool { entries[holding.entry].claimUID != nil }
  private func id(_ holding: Holding) -> ArraySlice<UInt8> { entries[holding.entry].deviceIDs[holding.id] }
}
