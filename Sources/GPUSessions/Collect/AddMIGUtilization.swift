extension Pipeline {
  /// The query for the utilization of MIG instances; none if it is not wanted, if there is no instance, or if an earlier run
  /// of the same process has found out that the driver cannot tell it.
  func migUtilizationQuery(_ table: SMITable) -> [NvidiaSMI.Query] {
    options.hasMIGUtilization && !memory.lacksMIGUtilization && table.instances?.isEmpty == false
      ? [.migUtilization] : []
  }

  /// Adds the utilization to the instances. `outcome` is that of dmon; `nil` if it was not asked.
  func addMIGUtilization(_ outcome: ChildOutcome?, to inventory: inout Inventory, _ report: inout RunReport) {
    guard options.hasMIGUtilization, !inventory.instances.isEmpty else { return }
    guard let outcome, let answer = MIGUtilization(finished(outcome)), !answer.rows.isEmpty else {
      report.problems.add(.migUtilizationUnknown)
      // Below Hopper the figures are dashes. An answer that came too late may be there the next time.
      if let outcome, isFinal(outcome, inventory) { report.driver.lacksMIGUtilization = true }
      return
    }
    report.problems.add(.migUtilizationUnknown, answer.malformedRows + inventory.add(answer))
  }

  /// Whether an answer without figures would be the same in the next run.
  private func isFinal(_ outcome: ChildOutcome, _ inventory: Inventory) -> Bool {
    guard case .exited(let status) = outcome.end else { return false }
    // nvidia-smi exits with 2 if it does not know an argument, and with 255 if it does not know a metric or for a reason that
    // may pass.
    if MIGUtilization(outcome.standardOutput) == nil { return status == 2 || status == 0 }
    let parents = Set(inventory.instances.map(\.gpuUUID))
    return inventory.gpus.allSatisfy {
      !parents.contains($0.uuid) || reportsInstanceUtilization(product: $0.name) != true
    }
  }
}

extension Inventory {
  /// Adds the rows of an answer to the instances, and returns how many instances it leaves out.
  ///
  /// NVML samples a GPU instance as a whole. Where one has several compute instances, each must have a row of its own, for
  /// else the one row may be that of all.
  fileprivate mutating func add(_ answer: MIGUtilization) -> Int {
    struct GPUInstance: Hashable {
      var gpu, id: Int
    }
    let groups = Dictionary(grouping: instances.indices) {
      GPUInstance(gpu: instances[$0].device.gpu, id: instances[$0].gpuInstanceID)
    }
    var missing = 0
    for members in groups.values {
      if members.allSatisfy({ answer.rows[instances[$0].device] != nil }) {
        for index in members { instances[index].utilization = answer.rows[instances[index].device] ?? .init() }
      } else {
        missing += members.count
      }
    }
    return missing
  }
}
