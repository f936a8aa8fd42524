/// One option. Parser, help, manual page and completions read the same table, ``all``.
package struct Flag: Sendable {
  /// The name without dashes.
  package let name: String
  /// What stands for the value in the help text; `nil` for a switch, which has no value.
  package let argument: String?
  /// What the option does, in one line.
  package let help: String
  /// The commands that have the option. Other commands reject it.
  let commands: [CommandName]
  /// Whether the option may be given several times. Its variable holds several values, separated by commas.
  let isRepeatable: Bool
  /// Sets the option to a value. A switch is given `true`, or the value of its variable.
  let apply: @Sendable (inout Options, String) throws(UsageError) -> Void

  private init(
    _ name: String, _ argument: String? = nil, _ help: String,
    of commands: [CommandName] = [.collect, .show, .check], isRepeatable: Bool = false,
    apply: @escaping @Sendable (inout Options, String) throws(UsageError) -> Void
  ) {
    (self.name, self.argument, self.help) = (name, argument, help)
    (self.commands, self.isRepeatable, self.apply) = (commands, isRepeatable, apply)
  }

  /// The name of the environment variable: `GPU_SESSIONS_` and the option's name in capitals, with `_` for `-`.
  package var variable: String {
    let words = name.uppercased().utf8.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "_") : $0 }
    return "GPU_SESSIONS_" + words[...].text
  }

  /// The commands that have the option, to stand before the help text; empty if `collect` and `show` have it.
  package var scope: String {
    if commands.contains(.collect) && commands.contains(.show) || name == "format" { return "" }
    return CommandName.allCases.filter(commands.contains).map(\.rawValue).joined(separator: ", ") + ": "
  }

  /// All options, in the order of the help text.
  package static let all: [Flag] = [
    Flag("output", "FILE", "the published file; - is standard output", of: [.collect, .remove, .check]) {
      $0.output = $1
    },
    Flag("nvidia-smi", "PATH", "path of nvidia-smi (default: search PATH, then where drivers install it)") {
      $0.nvidiaSMI = $1
    },
    Flag("timeout", "SECONDS", "time limit of all nvidia-smi queries of one collection (default: 45)") {
      (options, value) throws(UsageError) in options.timeout = try seconds(value, "timeout")
    },
    Flag("host-root", "DIR", "where the node's root is mounted (default: /)") { $0.hostRoot = $1 },
    Flag("proc", "DIR", "the node's procfs (default: <host-root>/proc)") { $0.procOverride = $1 },
    Flag("kubelet-root", "DIR", "the kubelet's directory (default: <host-root>/var/lib/kubelet)") {
      $0.kubeletRootOverride = $1
    },
    Flag(
      "label", "KEY=VALUE", "add a constant label to every sample; repeatable", of: [.collect],
      isRepeatable: true
    ) {
      (options, value) throws(UsageError) in options.labels.append(try label(value, options))
    },
    Flag("no-memory-label", nil, "omit the label gpu_memory of gpu_process_info", of: [.collect]) {
      (options, value) throws(UsageError) in options.hasMemoryLabel = try !bool(value, "no-memory-label")
    },
    Flag("interval", "SECONDS", "repeat at this interval until SIGTERM or Ctrl-C", of: scheduled) {
      (options, value) throws(UsageError) in options.interval = try seconds(value, "interval")
    },
    Flag("for", "SECONDS", "with --interval: stop after this time (default: never)", of: scheduled) {
      (options, value) throws(UsageError) in options.duration = try seconds(value, "for")
    },
    Flag("json", nil, "print one JSON object instead of text", of: [.show, .check]) {
      (options, value) throws(UsageError) in options.isJSON = try bool(value, "json")
    },
    Flag(
      "from", "FILE", "read published metrics of one or many nodes in place of this node; - is standard input",
      of: [.show]
    ) {
      $0.from = $1
    },
    filter("namespace", "NAME", "the sessions and allocations of this namespace") { $0.namespaces.append($1) },
    filter("pod", "NAME", "the sessions and allocations of this pod") { $0.pods.append($1) },
    filter("user", "NAME", "the sessions of this user outside of containers") { $0.users.append($1) },
    filter("gpu", "GPU", "this device: an index (0), a MIG instance (0_2_1) or a UUID") { $0.gpus.append($1) },
    Flag("sort", "KEY", "sort the sessions of a device by memory, age or utilization (default: PID)", of: [.show]) {
      (options, value) throws(UsageError) in options.order = try order(value)
    },
    Flag(
      "format", "FORMAT", "metrics: markdown, prometheus; help: text, man, bash, zsh, fish", of: [.metrics, .help]
    ) {
      $0.format = $1
    },
    Flag("no-user-label", nil, "omit the label user, and do not look up users", of: [.collect, .show]) {
      (options, value) throws(UsageError) in options.hasUserLabel = try !bool(value, "no-user-label")
    },
    Flag(
      "mig-utilization", nil,
      "also ask for the utilization of MIG instances; experimental, 2 s more a run, driver 550 and Hopper or newer",
      of: [.collect, .show]
    ) {
      (options, value) throws(UsageError) in options.hasMIGUtilization = try bool(value, "mig-utilization")
    },
    Flag(
      "only-changes", nil, "print errors and warnings only if they differ from those of the previous run",
      of: [.collect]
    ) {
      (options, value) throws(UsageError) in options.saysOnlyChanges = try bool(value, "only-changes")
    },
    Flag(
      "verbose", nil,
      "print details and a summary to standard error; check: also print each question and its duration",
      of: reporting
    ) {
      (options, value) throws(UsageError) in if try bool(value, "verbose") { options.verbosity = .verbose }
    },
    Flag("quiet", nil, "print errors only; check: print warnings and failures only", of: reporting) {
      (options, value) throws(UsageError) in if try bool(value, "quiet") { options.verbosity = .quiet }
    },
  ]

  /// Whether the option says how this node is collected, which means nothing for published metrics.
  var isOfCollection: Bool { commands.contains(.collect) && !["verbose", "quiet"].contains(name) }

  /// An option of `show` that leaves out what does not match.
  private static func filter(
    _ name: String, _ argument: String, _ help: String,
    add: @escaping @Sendable (inout ShowFilter, String) -> Void
  ) -> Flag {
    Flag(name, argument, "only \(help); repeatable", of: [.show], isRepeatable: true) {
      (options, value) throws(UsageError) in
      if value.isEmpty { throw .invalidValue(flag: name, value: value, expected: "a value that is not empty") }
      add(&options.filter, value)
    }
  }

  /// The commands that can repeat what they do.
  private static let scheduled: [CommandName] = [.collect, .show, .remove]

  /// Whether the variable holds for the command. Those of a schedule do not for `show`: they are set where a pod publishes
  /// for ever, and a person who runs `show` there wants one table.
  func isVariable(of command: CommandName) -> Bool {
    commands.contains(command) && !(command == .show && (name == "interval" || name == "for"))
  }

  /// The commands that write diagnostics to standard error.
  private static let reporting: [CommandName] = [.collect, .show, .check, .remove]
}

/// Reads a decimal number of seconds, from 0.001 to less than a year.
private func seconds(_ value: String, _ flag: String) throws(UsageError) -> Nanoseconds {
  guard let number = Array(value.utf8)[...].trimmed.fixedPoint, number >= 0.001, number < 31_536_000 else {
    throw .invalidValue(
      flag: flag, value: value, expected: "a number of seconds, at least 0.001 and less than 31536000 (one year)")
  }
  return Nanoseconds(number * 1e9)
}

/// Reads the value of `--sort`.
private func order(_ value: String) throws(UsageError) -> SessionOrder {
  if let order = SessionOrder(rawValue: value) { return order }
  let known = SessionOrder.allCases.map(\.rawValue).joined(separator: ", ")
  throw .invalidValue(flag: "sort", value: value, expected: "one of " + known)
}

/// Reads the value of a switch in the environment.
private func bool(_ value: String, _ flag: String) throws(UsageError) -> Bool {
  switch value.lowercased() {
  case "true", "1", "yes", "on": return true
  case "false", "0", "no", "off", "": return false
  default: throw .invalidValue(flag: flag, value: value, expected: "true or false")
  }
}

/// Reads `KEY=VALUE`. The key must be a label name of Prometheus that neither a metric nor another `--label` has.
private func label(_ text: String, _ options: Options) throws(UsageError) -> Label {
  let parts = Array(text.utf8)[...].fields(separatedBy: UInt8(ascii: "="), maxSplits: 1)
  guard parts.count == 2, isLabelName(parts[0]) else {
    throw .invalidValue(flag: "label", value: text, expected: "KEY=VALUE with a Prometheus label name")
  }
  let name = parts[0].text
  if ownLabelNames.contains(name) || options.labels.contains(where: { $0.name == name }) {
    throw .invalidValue(
      flag: "label", value: text, expected: "a label name that no metric and no other --label has")
  }
  return Label(name, parts[1].text)
}

/// Whether the name is `[a-zA-Z_][a-zA-Z0-9_]*` and does not begin with `__`, which Prometheus reserves.
private func isLabelName(_ name: ArraySlice<UInt8>) -> Bool {
  func isLetter(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "_")
  }
  guard let first = name.first, isLetter(first), !name.starts(with: "__") else { return false }
  return name.allSatisfy { isLetter($0) || isDigit($0) }
}
