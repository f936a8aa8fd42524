import GPUSessions

/// A node in memory. Its host answers from dictionaries and records the calls.
///
/// `@unchecked Sendable`: the program is synchronous, so only the test that made the node uses it.
final class FakeHost: @unchecked Sendable {
  /// The queries of nvidia-smi, recognised by their arguments.
  enum Query: Hashable { case gpus, apps, pmon, pmonByIndex, list, table, dmon, other }

  struct Spawned {
    var commands: [ChildCommand]
    var deadline: Nanoseconds
    var queries: [Query] { commands.map { FakeHost.query($0.arguments) } }
  }

  struct Publication {
    var path: String
    var file: PublishedFile
    var started: Nanoseconds
  }

  // The state of the node. Each of several answers is given once, the last one repeatedly.
  var answers: [Query: [ChildOutcome]] = [:]
  var unknownFields: Set<String> = []
  var files: [String: FileRead] = [:]
  var links: [String: String] = [:]
  var directories: [String: DirectoryRead<[ArraySlice<UInt8>]>] = [:]
  /// Paths of links that exist but cannot be read.
  var unreadableLinks: Set<String> = []
  var executables: Set<String> = []
  /// What a user has the program read, whatever its name is.
  var input = FileRead.absent
  var environment: [String: String] = [:]
  var abandonedChildren = 0
  var publishFailure: PublishError?
  var isStandardOutputBroken = false
  var terminalWidth: Int?
  var terminalHeight = 0
  var statuses: [String: FileStatus] = [:]
  var lockState = LockState.free
  /// For each call of `watch` in turn why its body is late; `nil`, and after the last one, if it is not.
  var lateness: [Lateness?] = []

  // The clock, and how far each call of `spawn` advances it. The last span is used repeatedly.
  var now: Nanoseconds = 1_000 * Nanoseconds.perSecond
  /// The wall-clock time of boot, in seconds since 1970.
  var boot: Nanoseconds = 1_700_000_000
  /// By how much the wall clock has been changed since boot.
  var clockSet: Nanoseconds = 0
  var spawnSpans: [Nanoseconds] = [0]
  var isTerminated = false
  /// The number of the call of `sleep` that a signal ends, from 1.
  var signalledSleep = Int.max

  // The recorded calls.
  private(set) var spawned: [Spawned] = []
  private(set) var published: [Publication] = []
  private(set) var output: [OutputStream: [UInt8]] = [:]
  private(set) var reads: [String] = []
  private(set) var listed: [String] = []
  private(set) var readLinks: [String] = []
  /// The listed directories that are log directories.
  var listedLogs: [String] { listed.filter { $0.contains("/var/log/") } }
  private(set) var inputs: [Input] = []
  private(set) var sleeps: [Nanoseconds] = []
  /// The deadlines of the calls of `watch`.
  private(set) var watched: [Nanoseconds] = []
  /// The exit statuses of the bodies that were late. Afterwards the caller goes on, unlike on a real node.
  private(set) var lateStatuses: [Int32] = []

  static func query(_ arguments: [String]) -> Query {
    guard let first = arguments.first else { return .table }
    if first.hasPrefix("--query-gpu=") { return .gpus }
    if first.hasPrefix("--query-compute-apps=") { return .apps }
    if first == "pmon" { return arguments.contains("-i") ? .pmonByIndex : .pmon }
    if first == "dmon" { return .dmon }
    return arguments == ["-L"] ? .list : .other
  }
}

extension FakeHost {
  /// The text written to standard error.
  var errors: String { String(decoding: output[.standardError] ?? [], as: UTF8.self) }

  private func link(_ path: String) -> FileRead {
    readLinks.append(path)
    if unreadableLinks.contains(path) { return .failed(5) }
    return links[path].map { .bytes(Array($0.utf8)) } ?? .absent
  }

  var host: Host {
    var host = Host(
      spawn: { self.spawn($0, $1) },
      abandonedChildren: { self.abandonedChildren },
      isExecutable: { self.executables.contains($0) },
      openProcesses: { proc in
        { pid, body in
          let directory = "\(proc)/\(pid)/"
          guard self.files.keys.contains(where: { $0.hasPrefix(directory) }) else { return .absent }
          body { name, limit in self.read(directory + name, limit) }
          return .opened
        }
      },
      readFile: { self.read($0, $1) },
      readLink: { self.link($0) },
      listDirectory: { self.list($0) },
      publish: { path, contents, started throws(PublishError) in
        if let failure = self.publishFailure { throw failure }
        var bytes: [UInt8] = []
        contents { bytes += $0 }
        self.published.append(Publication(path: path, file: PublishedFile(bytes), started: started))
        return .replaced
      },
      lockState: { _ in self.lockState },
      watch: { self.watch($0, $1, $2) },
      readInput: { self.read($0, $1) },
      write: { self.write($0, $1) },
      now: { self.now },
      wallClock: { self.boot * Nanoseconds.perSecond + self.now + self.clockSet },
      sleep: { self.sleep($0) },
      isTerminated: { self.isTerminated },
      environment: { self.environment[$0] },
      terminalWidth: { self.terminalWidth },
      fileStatus: { self.statuses[$0] })
    host.terminalHeight = { self.terminalHeight }
    return host
  }

  private func write(_ stream: OutputStream, _ bytes: [UInt8]) -> Bool {
    if stream == .standardOutput, isStandardOutputBroken { return false }
    output[stream, default: []] += bytes
    return true
  }

  private func read(_ path: String, _ limit: Int) -> FileRead {
    reads.append(path)
    if case .bytes(let bytes) = files[path], bytes.count > limit { return .tooLong }
    return files[path] ?? .absent
  }

  private func read(_ input: Input, _ limit: Int) -> FileRead {
    inputs.append(input)
    if case .bytes(let bytes) = self.input, bytes.count > limit { return .tooLong }
    return self.input
  }

  private func list(_ path: String) -> DirectoryRead<[ArraySlice<UInt8>]> {
    listed.append(path)
    return directories[path] ?? .absent
  }

  private func watch(_ deadline: Nanoseconds, _ late: (Lateness) -> Int32, _ body: () -> Void) {
    watched.append(deadline)
    if !lateness.isEmpty, let why = lateness.removeFirst() { return lateStatuses.append(late(why)) }
    body()
  }

  private func sleep(_ until: Nanoseconds) -> Bool {
    sleeps.append(until)
    if sleeps.count == signalledSleep {
      isTerminated = true
      return true
    }
    now = max(now, until)
    return false
  }

  private func spawn(_ commands: [ChildCommand], _ deadline: Nanoseconds) -> [ChildOutcome] {
    spawned.append(Spawned(commands: commands, deadline: deadline))
    now += spawnSpans.count > 1 ? spawnSpans.removeFirst() : spawnSpans[0]
    let outcomes = commands.map { answer($0.arguments) }
    if outcomes.contains(where: { $0.end == .terminated }) { isTerminated = true }
    return outcomes
  }

  private func answer(_ arguments: [String]) -> ChildOutcome {
    let query = FakeHost.query(arguments)
    let fields = arguments.first.flatMap { $0.split(separator: "=").dropFirst().first } ?? ""
    let asked = fields.split(separator: ",").map(String.init)
    if let unknown = asked.first(where: unknownFields.contains) {
      return .text("Field \"\(unknown)\" is not a valid field to query.\n\n", exit: 2)
    }
    guard var outcome = answers[query]?.first else {
      return .text("Invalid combination of input arguments.\n", exit: 2)
    }
    if let rest = answers[query]?.dropFirst(), !rest.isEmpty { answers[query] = Array(rest) }
    if !asked.isEmpty { outcome.standardOutput = projected(outcome.standardOutput, to: asked) }
    return outcome
  }

  /// Returns the table reduced to the requested columns. Lines that are no rows are not changed.
  private func projected(_ output: [UInt8], to asked: [String]) -> [UInt8] {
    let lines = output[...].lines().map { $0.text.split(separator: ",").map { $0.drop { $0 == " " } } }
    let header = lines.first?.map { $0.prefix { $0 != " " } } ?? []
    guard header.contains("uuid") || header.contains("gpu_uuid") else { return output }
    let places = asked.compactMap { field in header.firstIndex { $0 == field } }
    let rows = lines.map { cells in
      cells.count == header.count ? places.map { String(cells[$0]) } : cells.map { String($0) }
    }
    return Array(rows.map { $0.joined(separator: ", ") + "\n" }.joined().utf8)
  }
}

extension ChildOutcome {
  static func text(_ output: String, exit status: Int32 = 0, errors: String = "") -> ChildOutcome {
    ChildOutcome(
      end: .exited(status), standardOutput: Array(output.utf8), standardError: Array(errors.utf8))
  }
}
