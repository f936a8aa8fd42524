/// `show --from`: prints what a page of metrics says of its nodes. Nothing is collected.
func showPublished(_ file: String, _ host: Host, _ options: Options) -> ExitStatus {
  let input = file == "-" ? Input.standardInput : .file(file)
  let what = file == "-" ? "standard input" : file
  do throws(PageFailure) {
    let page = try readPage(input, host)
    let all = page.nodes(now: host.wallClock()).map { $0.matching(options) }
    let nodes = all.filter { !$0.isLeftOut(options) }
    let text =
      options.isJSON
      ? publishedJSON(nodes, unreadableLines: page.unreadableLines) : publishedTable(nodes, Page(host))
    guard text.isEmpty || host.write(.standardOutput, Array(text.utf8)) else {
      diagnose("error: standard output cannot be written", host)
      return .cannotCreate
    }
    for sentence in failures(all) { diagnose("error: " + sentence, host) }
    if options.verbosity != .quiet {
      for sentence in warnings(page, nodes, options) { diagnose("warning: " + sentence, host) }
    }
    if options.verbosity == .verbose { diagnose(summary(nodes), host) }
    return all.contains { $0.outcome.failure == nil } ? .success : .failure
  } catch {
    diagnose("error: " + error.sentence(what), host)
    return .failure
  }
}

extension PublishedNode {
  /// Returns the node with what the options ask for, in the order that they ask for.
  fileprivate func matching(_ options: Options) -> PublishedNode {
    var node = self
    node.outcome = outcome.filtered(by: options.filter).sorted(by: options.order)
    return node
  }

  /// Whether the node has a name and nothing on it matches the filter.
  fileprivate func isLeftOut(_ options: Options) -> Bool {
    options.filter != ShowFilter() && name != NodeName() && outcome.node?.isBare == true
  }
}

/// The most bytes of a page. A page of 200 nodes with 8 GPUs each has some 15 MiB of this program's metrics.
let pageLimit = 64 << 20

private func readPage(_ input: Input, _ host: Host) throws(PageFailure) -> PublishedPage {
  switch host.readInput(input, pageLimit) {
  case .absent: throw .unreadable(.noSuchFileOrDirectory)
  case .failed(.interrupted): throw .terminated
  case .failed(let errno): throw .unreadable(errno)
  case .tooLong: throw .tooLong
  case .bytes(let bytes):
    do throws(PublishedPage.Flaw) {
      return try PublishedPage(bytes)
    } catch {
      throw .flaw(error)
    }
  }
}

/// Why no page of metrics could be shown.
private enum PageFailure: Error {
  case unreadable(Errno)
  case tooLong
  case terminated
  case flaw(PublishedPage.Flaw)

  /// What happened, what it means and, in parentheses, what helps; without the final stop.
  func sentence(_ what: String) -> String {
    switch self {
    case .unreadable(let errno): "\(what) cannot be read: \(errno.reason) (name a file, or - for standard input)"
    case .tooLong:
      "\(what) has more than \(pageLimit >> 20) MiB, so nothing is shown (\(selector))"
    case .terminated: "stopped by SIGTERM or SIGINT before \(what) was read to its end (run it again)"
    case .flaw(.empty):
      "\(what) is empty, so there is nothing to show (if curl wrote it: curl -sSf prints why a request failed)"
    case .flaw(.notMetrics(let line)):
      "\(what) is not in Prometheus' text format: line \(line) is neither a sample nor a comment"
        + " (read a node_exporter's /metrics, or Prometheus' /federate)"
    case .flaw(.foreign):
      "\(what) has metrics, but none of gpu-sessions: no collector publishes there, or they were not selected"
        + " (on the node: sudo gpu-sessions check; in a query of /federate: \(selector))"
    }
  }
}

/// How Prometheus is asked for this program's metrics alone.
private let selector = "select with match[]={__name__=~\"gpu_.*\"}"

/// Why nodes have no device that could be read, a sentence each; of many nodes one sentence.
private func failures(_ nodes: [PublishedNode]) -> [String] {
  let failed = nodes.filter { $0.outcome.failure != nil }
  if failed.count <= 3 {
    return failed.compactMap { node in
      node.outcome.failureSentence.map { node.name.name.isEmpty ? $0 : "node \(node.name.name): \($0)" }
    }
  }
  return ["\(failed.count) of \(nodes.count) nodes have no device that could be read: \(names(failed))"]
}

/// What deserves attention although nodes could be shown.
private func warnings(_ page: PublishedPage, _ nodes: [PublishedNode], _ options: Options) -> [String] {
  var sentences: [String] = []
  if options.filter != ShowFilter(), nodes.allSatisfy({ $0.outcome.node?.isBare ?? true }) {
    sentences.append("nothing matches \(options.filter.description)")
  }
  if let first = page.firstUnreadableLine {
    sentences.append(
      page.unreadableLines == 1
        ? "line \(first) was left out: it is not a valid sample, or exceeds a limit"
        : "\(page.unreadableLines) lines were left out: they are not valid samples, or exceed a limit;"
          + " the first is line \(first)")
  }
  let stale = nodes.filter { $0.isStale == true }
  if let first = stale.first, nodes.count == 1 {
    sentences.append("the metrics are \(Quantity.age(first.age)) old: the collector or the scrape has stopped")
  } else if !stale.isEmpty {
    sentences.append(
      "the metrics of \(stale.count) of \(nodes.count) nodes are more than three minutes old: \(names(stale))")
  }
  return sentences
}

/// One line with the counts of all nodes.
private func summary(_ nodes: [PublishedNode]) -> String {
  let states = nodes.compactMap(\.outcome.node)
  let devices = states.reduce(0) { $0 + $1.inventory.readDevices.count }
  return "\(states.reduce(0) { $0 + $1.totalSessions }) sessions on \(devices) devices of \(nodes.count) nodes"
}

/// The names of the first nodes.
private func names(_ nodes: [PublishedNode]) -> String {
  let first = nodes.prefix(5).map { $0.name.name.isEmpty ? "-" : $0.name.name }.joined(separator: ", ")
  return nodes.count > 5 ? first + ", …" : first
}
