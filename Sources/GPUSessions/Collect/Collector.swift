/// One collection: discover devices, list processes, place them on MIG instances, attribute.
///
/// The steps stand in files of their own; they share the snapshot that grows here.
package struct Collector {
  let host: Host
  let options: Options
  var snapshot = Snapshot()
  /// On the ``Host/now`` clock.
  let begin: Nanoseconds

  /// Collects once. Never throws: what failed is in ``Snapshot/failure`` and the stages.
  package static func collect(_ host: Host, _ options: Options) -> Snapshot {
    collect(host, options, isExamination: false)
  }

  /// The same to be looked at and not to be published: in a foreign PID namespace too nvidia-smi is asked, so that
  /// its devices are known.
  static func examine(_ host: Host, _ options: Options) -> Snapshot {
    collect(host, options, isExamination: true)
  }

  private static func collect(_ host: Host, _ options: Options, isExamination: Bool) -> Snapshot {
    var collector = Collector(host: host, options: options, begin: host.now())
    collector.snapshot.started = host.wallClock()
    do throws(CollectionFailure) {
      try collector.run(isExamination)
    } catch {
      collector.snapshot.failure = error
      if collector.snapshot.stages.isEmpty {
        collector.finish(error.stage, false, from: collector.begin)
      }
    }
    return collector.snapshot
  }

  private mutating func run(_ isExamination: Bool) throws(CollectionFailure) {
    if host.abandonedChildren() > 0 { throw .earlierChildAlive }
    let node = ProcFS(host: host, proc: options.proc)
    let isForeign = !node.seesHostPIDs
    if isForeign, !isExamination { throw node.isThere ? .foreignPIDNamespace : .noProcfs(options.proc) }
    let smi = NvidiaSMI(
      host: host, executable: try NvidiaSMI.locate(host, option: options.nvidiaSMI).get(),
      deadline: begin + options.collectionTimeout)
    let queryStartTicks = node.ticksSinceBoot
    let answers = try firstWave(smi)
    var processes = ProcessTable(answers: answers)
    processes.addWholeGPUs(&snapshot)
    try placeOnInstances(smi, answers, &processes)
    if !snapshot.gpus.contains(where: \.isReadable) { throw .noReadableDevice }
    if isForeign { throw .foreignPIDNamespace }
    measureUnattributed(answers, processes)
    var names = PodNameResolver(host: host, options: options)
    attribute(processes, node, queryStartTicks, &names)
    readAllocations(&names)
    names.count(in: &snapshot.problems)
    reportDevices()
  }

  /// Runs one stage, timing it from `from`; its closure says whether it succeeded.
  mutating func finish(_ stage: Stage, _ isSuccess: Bool, from start: Nanoseconds) {
    snapshot.stages.append(
      StageResult(stage: stage, isSuccess: isSuccess, duration: max(0, host.now() - start)))
  }

  /// Counts and names the GPUs that could not be read.
  private mutating func reportDevices() {
    for gpu in snapshot.gpus where !gpu.isReadable {
      snapshot.problems.add(.deviceUnreadable)
      snapshot.warnings.append("GPU \(gpu.index) (\(gpu.busID)) or the processes on it could not be read")
    }
    for lost in snapshot.lostGPUs {
      snapshot.problems.add(.deviceUnreadable)
      let index = lost.index.map { " \($0)" } ?? ""
      snapshot.warnings.append("GPU\(index) (\(lost.busID)) does not answer nvidia-smi")
    }
  }
}
