import GPUSessions

/// The host of a recorded node, and what one run has written there.
///
/// The program is synchronous: whoever made it is its only user at any moment.
final class RecordedHost: @unchecked Sendable {
  let node: RecordedNode
  /// Directories are listed the other way round: no order is promised.
  let isReversed: Bool
  private(set) var published: [UInt8]?
  /// What the user has the program read.
  private let page: [UInt8]
  private(set) var output: [OutputStream: [UInt8]] = [:]
  private var calls: [String: Int] = [:]

  init(_ node: RecordedNode, isReversed: Bool = false, page: [UInt8] = []) {
    self.node = node
    self.page = page
    self.isReversed = isReversed
  }

  var host: Host {
    Host(
      spawn: { commands, _ in commands.map(self.answer) }, abandonedChildren: { 0 },
      isExecutable: { $0 == "/usr/bin/nvidia-smi" || $0 == "/usr/bin/getent" },
      openProcesses: { proc in
        { pid, body in
          let directory = "\(proc)/\(pid)"
          if case .failing = self.node.entries[directory] { return .failed(13) }
          guard self.node.directories[directory] != nil else { return .absent }
          body { name, limit in self.read("\(directory)/\(name)", limit) }
          return .opened
        }
      },
      readFile: { self.read($0, $1) },
      readLink: { self.link($0) },
      listDirectory: { self.names($0) },
      publish: { _, contents, _ in
        var bytes: [UInt8] = []
        contents { bytes += $0 }
        self.published = bytes
        return .replaced
      },
      readInput: { _, limit in self.page.count > limit ? .tooLong : .bytes(self.page) },
      write: { stream, bytes in
        self.output[stream, default: []] += bytes
        return true
      },
      now: { 90_000 * Nanoseconds.perSecond }, wallClock: { 1_700_000_000 * Nanoseconds.perSecond },
      sleep: { _ in true },
      isTerminated: { false }, environment: { self.node.environment[$0] })
  }

  private func answer(_ command: ChildCommand) -> ChildOutcome {
    let query = RecordedHost.query(command)
    defer { calls[query, default: 0] += 1 }
    return node.outcome(query, call: calls[query] ?? 0)
  }

  /// Named as in a folder of Fixtures/nodes.
  private static func query(_ command: ChildCommand) -> String {
    guard let first = command.arguments.first else { return "table" }
    if first.hasPrefix("--query-gpu=") { return "query-gpu" }
    if first.hasPrefix("--query-compute-apps=") { return "query-compute-apps" }
    return ["pmon": "pmon", "dmon": "dmon", "-L": "list", "passwd": "getent"][first] ?? "other"
  }

  private func read(_ path: String, _ limit: Int) -> FileRead {
    switch node.entries[path] {
    case .file(let bytes): bytes.count > limit ? .tooLong : .bytes(bytes)
    case .link: .failed(40)
    case .failing: .failed(13)
    case .tooLong: .tooLong
    case nil: node.directories[path] == nil ? .absent : .failed(21)
    }
  }

  private func link(_ path: String) -> FileRead {
    switch node.entries[path] {
    case .link(let target): .bytes(target)
    case .failing: .failed(13)
    default: .absent
    }
  }

  private func names(_ path: String) -> DirectoryRead<[ArraySlice<UInt8>]> {
    if case .failing = node.entries[path] { return .failed(13) }
    guard let names = node.directories[path] else { return .absent }
    let sorted = names.sorted { $0.lexicographicallyPrecedes($1) }
    return .entries((isReversed ? sorted.reversed() : sorted).map { $0[...] })
  }
}
