/// What `show` is asked to show. An empty list asks for everything.
///
/// A value matches a list if it is in it, exactly as written. A session matches the filter if it matches all four lists.
package struct ShowFilter: Sendable, Equatable {
  package var namespaces: [String] = []
  package var pods: [String] = []
  package var users: [String] = []
  /// Devices by nvidia-smi's index (`0`), as MIG compute instance (`0_2_1`) or by UUID. A GPU with MIG stands for its
  /// instances too.
  package var gpus: [String] = []

  package init() {}

  /// Whether the filter asks for sessions of certain owners.
  private var namesOwners: Bool { !namespaces.isEmpty || !pods.isEmpty || !users.isEmpty }
  private var isEmpty: Bool { gpus.isEmpty && !namesOwners }

  /// The filter as options: `--namespace team-a --gpu 0`.
  package var description: String {
    let lists = [("namespace", namespaces), ("pod", pods), ("user", users), ("gpu", gpus)]
    return lists.flatMap { name, values in values.map { "--\(name) \($0)" } }.joined(separator: " ")
  }

  package func matches(_ session: Session) -> Bool {
    ShowFilter.has(users, session.user) && matches(session.owner.namespace, session.owner.pod)
  }

  /// An allocation is a pod's, and no user's: it matches no filter that asks for users.
  package func matches(_ allocation: Allocation) -> Bool {
    users.isEmpty && matches(allocation.namespace, allocation.pod)
  }

  private func matches(_ namespace: String, _ pod: String) -> Bool {
    ShowFilter.has(namespaces, namespace) && ShowFilter.has(pods, pod)
  }

  private static func has(_ list: [String], _ value: String?) -> Bool {
    list.isEmpty || value.map(list.contains) == true
  }

  /// Whether a GPU is asked for as a whole; `index` is `nil` where it is not known.
  private func asksFor(_ index: Int?, _ uuid: String) -> Bool {
    gpus.isEmpty || index.map { gpus.contains("\($0)") } == true || gpus.contains(uuid)
  }

  private func asksFor(_ instance: MIGInstance) -> Bool {
    asksFor(instance.device.gpu, instance.gpuUUID) || gpus.contains(instance.device.label)
      || instance.uuid.map(gpus.contains) == true
  }
}

extension ShowFilter {
  /// Returns what the filter asks for: sessions, allocations, and the devices that have one of these. If it asks for
  /// devices alone, these stay whatever they have.
  ///
  /// What is left out is in ``NodeState/omitted``, so that a device whose sessions are left out is not taken for idle.
  package func applied(to node: NodeState) -> NodeState {
    if isEmpty { return node }
    var devices = self.devices(node)
    var result = node
    result.omitted.isWhollyReadable = node.inventory.isWhollyReadable
    result.sessions = node.sessions.filter { devices.contains($0.device) && matches($0) }
    result.allocations = node.allocations.filter { devices.contains($0.device) && matches($0) }
    if namesOwners { devices = Set(result.sessions.map(\.device) + result.allocations.map(\.device)) }
    result.omitted.sessions += node.sessions.filter { !(devices.contains($0.device) && matches($0)) }
    result.inventory.instances.removeAll { !devices.contains($0.device) }
    result.omitted.instances += node.inventory.instances.filter { !devices.contains($0.device) }
    let indices = Set(devices.map(\.gpu))
    result.inventory.gpus.removeAll { !indices.contains($0.index) }
    result.inventory.lostGPUs.removeAll { namesOwners || !asksFor($0.index, "") }
    return result
  }

  /// The devices that the filter asks for, whoever is on them.
  private func devices(_ node: NodeState) -> Set<Device> {
    let whole = node.inventory.gpus.filter { asksFor($0.index, $0.uuid) }.map { Device(gpu: $0.index) }
    return Set(whole + node.inventory.instances.filter(asksFor).map(\.device))
  }
}

extension NodeState {
  /// What a filter has left out.
  package struct Omitted: Sendable {
    package var sessions: [Session] = []
    package var instances: [MIGInstance] = []
    /// Whether nvidia-smi answered for every GPU, those that are left out too.
    package var isWhollyReadable = true

    package init() {}
  }

  /// Whether nothing is left to show.
  package var isBare: Bool { inventory.gpus.isEmpty && inventory.lostGPUs.isEmpty }
}

extension Outcome {
  /// Returns the outcome with what the filter asks for, and a warning if that is nothing.
  package func filtered(by filter: ShowFilter) -> Outcome {
    guard case .collected(let whole, var report) = self else { return self }
    let node = filter.applied(to: whole)
    if node.isBare { report.warnings.append("nothing on this node matches \(filter.description)") }
    return .collected(node, report)
  }
}
