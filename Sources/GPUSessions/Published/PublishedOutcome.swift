extension NodeSamples {
  /// What the samples say, as the outcome of the collection that published them.
  var outcome: Outcome {
    var report = RunReport(started: run.started ?? 0)
    report.stages = run.stages.compactMap { stage, samples in
      guard let isSuccess = samples.isSuccess, let duration = samples.duration else { return nil }
      return StageResult(stage: stage, isSuccess: isSuccess, duration: duration)
    }
    var others: [String: Int] = [:]
    for (kind, count) in run.problems {
      if let problem = Problem(rawValue: kind) { report.problems.add(problem, count) } else { others[kind] = count }
    }
    let inventory = inventory
    let canRead = inventory.gpus.contains(where: \.isReadable)
    let kind = canRead ? nil : others.filter { $0.value > 0 }.keys.min()
    if let kind { others[kind] = nil }
    report.published = PublishedRun(
      version: run.version, isSuccess: run.isSuccess, hasStart: run.started != nil, otherProblems: others)
    if !canRead { return .failed(kind.map { CollectionFailure(published: $0) } ?? .nothingPublished, report) }
    let node = NodeState(
      inventory: inventory, sessions: sessions(inventory), allocations: handedOut,
      listedSeconds: run.started.map { $0.inSeconds } ?? newest)
    return .collected(node, report)
  }
}

extension CollectionFailure {
  /// The failure that a collector has counted under this kind. Of kinds that stand for several failures, or for one with a
  /// value, only the kind is known.
  init(published kind: String) {
    let plain: [CollectionFailure] = [
      .foreignPIDNamespace, .driverNotLoaded, .driverMismatch, .nvmlLibraryMissing, .insufficientPermissions,
      .timedOut,
      .filesHang, .tooMuchOutput, .terminated, .noReadableDevice,
    ]
    self = plain.first { $0.kind == kind } ?? .published(kind: kind)
  }
}

/// A node as a page of metrics shows it.
struct PublishedNode {
  var name: NodeName
  var outcome: Outcome
  /// How old the samples are, in seconds; `nil` if the page does not say it.
  var age: Double?

  /// The age from which samples are called stale, in seconds: three runs a minute apart have failed by then.
  static let staleAge = 180.0

  /// `now` is a moment of the wall clock.
  init(_ name: NodeName, _ samples: NodeSamples, now: Nanoseconds) {
    (self.name, outcome) = (name, samples.outcome)
    let moments = [samples.run.started?.inSeconds, samples.newest].compactMap(\.self)
    age = moments.min().flatMap { moment in
      let age = now.inSeconds - moment
      // A clock that is a little ahead is no reason for a negative age. One that is far ahead tells none.
      return age < -PublishedNode.staleAge ? nil : max(0, (age * 1000).rounded() / 1000)
    }
  }

  /// Whether the samples are older than three minutes; `nil` if the page does not say how old they are.
  var isStale: Bool? { age.map { $0 > PublishedNode.staleAge } }
}

extension PublishedPage {
  /// The nodes, sorted by cluster and name.
  func nodes(now: Nanoseconds) -> [PublishedNode] {
    nodes.sorted { $0.key < $1.key }.map { PublishedNode($0.key, $0.value, now: now) }
  }
}
