/// One question that `gpu-sessions check` asks about the installation. A ``Finding`` is the answer.
package struct Check: Sendable {
  /// The name in the output. Scripts rely on it, so it never changes.
  package let name: String
  /// The question, for `--verbose` and `--json`.
  package let title: String
  /// How long the check may take; `nil` for `--timeout`, the limit of nvidia-smi's work.
  package let limit: Nanoseconds?
  let run: @Sendable (CheckContext) -> Finding

  init(
    _ name: String, _ title: String, limit: Nanoseconds? = 5 * Nanoseconds.perSecond,
    run: @escaping @Sendable (CheckContext) -> Finding
  ) {
    self.name = name
    self.title = title
    self.limit = limit
    self.run = run
  }

  /// How long the check may take with these options.
  func limit(_ options: Options) -> Nanoseconds { limit ?? options.timeout }

  /// All checks in the order in which they run. A check comes after those whose subject it needs.
  package static let all: [Check] = [
    Check("nvidia-smi", "Is nvidia-smi there, and which?", run: nvidiaSMI),
    Check("answer", "Does it answer, and how fast?", limit: nil, run: answer),
    Check("driver", "Which driver, and does it know every field?", run: driver),
    Check("devices", "Could every GPU be read?", run: devices),
    Check("mig", "Are MIG instances there and readable?", run: mig),
    Check("pid-namespace", "Are the PIDs the host's?", run: pidNamespace),
    Check("proc", "Are the processes of all users readable in /proc?", run: proc),
    Check("cgroup", "Which cgroup version and driver, and is the tree readable?", run: cgroup),
    Check("names", "Which sources of pod and container names are readable?", run: names),
    Check("allocations", "Do the kubelet's files show which devices the pods hold?", run: allocations),
    Check(
      "textfile-directory", "Is the directory of --output there, writable and lasting?", run: textfileDirectory),
    Check("lock", "Is the lock of the published file free?", run: lock),
    Check("published-file", "Is the published file there, whole and fresh?", run: publishedFile),
    Check("node-exporter", "Does node_exporter read that directory?", run: nodeExporter),
    Check("leftovers", "Are there stray files beside the published file?", run: leftovers),
    Check("clock", "Is the clock set?", run: clock),
  ]
}

/// How a check ended. The raw value is printed.
package enum CheckResult: String, Sendable, CaseIterable {
  case pass
  /// The node is published, but something is missing or will go wrong.
  case warn
  case fail
  /// The question does not apply to the node or cannot be answered here; ``Finding/seen`` says why.
  case skip
}

/// What a check saw and what to do about it.
package struct Finding: Sendable, Equatable {
  package var result: CheckResult
  /// What was seen, in one line.
  package var seen: String
  /// A command or a setting; `nil` if nothing is to be done.
  package var advice: String?

  package static func pass(_ seen: String) -> Finding { Finding(result: .pass, seen: seen) }
  package static func skip(_ why: String) -> Finding { Finding(result: .skip, seen: why) }
  package static func warn(_ seen: String, _ advice: String) -> Finding {
    Finding(result: .warn, seen: seen, advice: advice)
  }
  package static func fail(_ seen: String, _ advice: String) -> Finding {
    Finding(result: .fail, seen: seen, advice: advice)
  }
  static func fail(_ failure: CollectionFailure, reason: String? = nil) -> Finding {
    .fail(quoting(reason, after: failure.fact), failure.remedy)
  }
}

/// Words that several checks use.
extension Check {
  /// What helps if this user lacks permissions.
  static let asRoot = "run it as root: sudo gpu-sessions check"
  static let toStandardOutput = "--output is standard output"
  static let withoutDirectory = "its directory is not there"

  /// The first four names; a longer list ends with how many more there are.
  static func shortList(_ names: [String]) -> String {
    let shown = names.prefix(4).joined(separator: ", ")
    return names.count > 4 ? "\(shown) and \(names.count - 4) more" : shown
  }

  /// A number with its noun: `1 GPU`, `2 GPUs`.
  static func count(_ number: Int, _ noun: String, plural: String? = nil) -> String {
    "\(number) " + (number == 1 ? noun : plural ?? noun + "s")
  }

  /// `1 process`, `2 processes`.
  static func processes(_ number: Int) -> String { count(number, "process", plural: "processes") }
}
