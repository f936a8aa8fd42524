extension Check {
  /// Whether every GPU and every row could be read. GPUs that only MIG keeps from being read are left to ``mig(_:)``.
  static func devices(_ context: CheckContext) -> Finding {
    guard let inventory = context.inventory else { return .skip(withoutList(context)) }
    let unreadable = inventory.gpus.filter { !$0.isReadable && !$0.isMIGUnreadable }
    let forbidden = unreadable.filter { $0.unreadableReason == .forbidden }
    let lost =
      unreadable.filter { $0.unreadableReason != .forbidden }.map { "GPU \($0.index) (\($0.busID))" }
      + inventory.lostGPUs.map { "GPU\($0.index.map { " \($0)" } ?? "") (\($0.busID))" }
    if !lost.isEmpty {
      let others = unreadable.filter { $0.unreadableReason != .forbidden }
      let complaint = Inventory(gpus: others, lostGPUs: inventory.lostGPUs).complaint
      return .fail(
        quoting(complaint, after: "\(shortList(lost)): lost or not readable"),
        "look for the reason: dmesg | grep -i xid; then reset the GPU or reboot")
    }
    if !forbidden.isEmpty {
      return .fail("\(gpuList(forbidden)): [Insufficient Permissions]", asRoot)
    }
    let needs = inventory.gpus.compactMap { gpu in gpu.neededRecovery.map { "GPU \(gpu.index): \($0)" } }
    if !needs.isEmpty {
      return .warn(
        "the driver says what a GPU needs before it works again: \(shortList(needs))",
        "stop everything that runs on the GPU, then do that; for the reason: dmesg | grep -iE 'nvrm|xid'")
    }
    let problems = context.problems
    let rows =
      problems[.deviceRowMalformed] + problems[.processRowMalformed] + problems[.processRowUnknownGPU]
    if rows > 0 {
      return .warn(
        "\(count(rows, "row")) of nvidia-smi could not be used: not readable, or about a GPU that it does not list",
        "report this with the output of two commands: gpu-sessions --verbose --output -; nvidia-smi")
    }
    return processLists(inventory.gpus)
  }

  /// Whether nvidia-smi lists the processes of every GPU.
  private static func processLists(_ gpus: [GPU]) -> Finding {
    let unlistable = gpus.filter { $0.doubts.contains(.unlistableProcess) }
    if !unlistable.isEmpty {
      return .warn(
        "\(gpuList(unlistable)): this GPU or its driver does not list processes, so some may be missing",
        "a newer driver may list them; to see it: nvidia-smi --query-compute-apps=gpu_uuid,pid --format=csv"
      )
    }
    // Nothing helps on an integrated GPU, so that is no warning.
    let without = gpus.filter { $0.doubts.contains(.noProcessList) }
    return .pass(
      count(gpus.count, "GPU")
        + (without.isEmpty ? "" : "; nvidia-smi does not list the processes of \(gpuList(without))"))
  }

  /// Whether the instances of every GPU in MIG mode could be read.
  static func mig(_ context: CheckContext) -> Finding {
    guard let inventory = context.inventory else { return .skip(withoutList(context)) }
    let gpus = inventory.gpus.filter { $0.migMode == .enabled }
    let unknown = inventory.gpus.filter { $0.migMode == .unknown && $0.unreadableReason != .lost }
    if !unknown.isEmpty {
      let seen = "\(gpuList(unknown)): nvidia-smi does not say whether MIG is on"
      let advice = "see what it says: nvidia-smi --query-gpu=index,mig.mode.current,mig.mode.pending --format=csv"
      return unknown.contains(where: \.isMIGUnreadable) ? .fail(seen, advice) : .warn(seen, advice)
    }
    let pending = inventory.gpus.filter(\.isMIGModePending)
    if let first = pending.first {
      return .warn(
        "\(gpuList(pending)): the MIG mode changes at the next reset",
        "stop what runs there, then reboot or reset: sudo nvidia-smi --gpu-reset -i \(first.index)")
    }
    if gpus.isEmpty {
      return .skip(
        (context.outcome?.report.driver.unknownFields ?? []).contains("mig.mode.current")
          ? "the driver knows no MIG" : "no GPU has MIG on")
    }
    let forbidden = gpus.filter { $0.isMIGUnreadable && $0.unreadableReason == .forbidden }
    if !forbidden.isEmpty {
      return .fail(
        "\(gpuList(forbidden)): MIG is on, and this user may not see the instances: [Insufficient Permissions]",
        "run it as root; a container also needs CAP_SYS_ADMIN and NVIDIA_MIG_MONITOR_DEVICES=all")
    }
    let silent = gpus.filter(\.isMIGUnreadable)
    if !silent.isEmpty {
      return .fail(
        quoting(
          silent.first?.complaint,
          after: "\(gpuList(silent)): MIG is on, and nvidia-smi does not list the instances"),
        "run it as root, and see whether this shows them under MIG devices: nvidia-smi")
    }
    return instances(gpus.filter(\.isReadable), inventory, context.problems)
  }

  /// Whether the MIG GPUs that were read have instances, and all processes a place on one.
  private static func instances(_ gpus: [GPU], _ inventory: Inventory, _ problems: ProblemCounts) -> Finding {
    let empty = gpus.filter { gpu in !inventory.instances.contains { $0.gpuUUID == gpu.uuid } }
    if let first = empty.first {
      return .warn(
        "\(gpuList(empty)): MIG is on and no instance exists, so nothing can run there",
        "create one (sudo nvidia-smi mig -i \(first.index) -lgip shows the profiles)"
          + " or turn MIG off: sudo nvidia-smi -i \(first.index) -mig 0")
    }
    if problems[.migLayoutChanged] > 0 {
      return .warn(
        "nvidia-smi and nvidia-smi -L list different instances",
        "run it again: instances may just have been created or deleted")
    }
    let unplaced = problems[.migUnplaced]
    if unplaced > 0 {
      return .warn(
        "the MIG instance of \(processes(unplaced)) is not known",
        "run it again, as root: processes may just have started or ended")
    }
    return .pass("\(count(inventory.instances.count, "instance")) on \(count(gpus.count, "GPU"))")
  }

  private static func gpuList(_ gpus: [GPU]) -> String { shortList(gpus.map { "GPU \($0.index)" }) }
}

extension GPU {
  /// Whether the GPU could be read but for its MIG instances, if it has any.
  fileprivate var isMIGUnreadable: Bool {
    migMode == .enabled && unreadableReason == .forbidden || mayHaveMIG && unreadableReason == .instances
  }
}
