/// One option: parser, environment, help and documentation read the same table.
package struct Flag: Sendable {
  /// Without the leading dashes.
  package let name: String
  /// `nil` for a switch.
  package let argument: String?
  package var help: String { makeHelp() }
  /// Put together only when it is asked for, which few runs do.
  private let makeHelp: @Sendable () -> String
  /// The commands it says something to; given to another one it is wrong usage.
  let commands: [CommandName]
  /// Takes the value (a switch: `true` or what the environment says); throws what is wrong with it.
  let apply: @Sendable (inout Options, String) throws(UsageError) -> Void

  private init(
    name: String, argument: String?, help: @autoclosure @escaping @Sendable () -> String,
    commands: [CommandName] = [.collect, .show, .check],
    apply: @escaping @Sendable (inout Options, String) throws(UsageError) -> Void
  ) {
    (self.name, self.argument, self.commands) = (name, argument, commands)
    (makeHelp, self.apply) = (help, apply)
  }

  /// `GPU_SESSIONS_…`, the variable that the option wins over.
  package var variable: String {
    var bytes = Array("GPU_SESSIONS_".utf8)
    for byte in name.utf8 {
      let isLetter = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
      bytes.append(isLetter ? byte & ~0x20 : UInt8(ascii: "_"))
    }
    return bytes[...].text
  }

  /// The commands that write or remove the file.
  private static let publishing: [CommandName] = [.collect, .remove]

  /// The commands that have something to report on standard error.
  private static let reporting: [CommandName] = [.collect, .show, .check, .remove]

  /// Before the help text: which commands have it, where that is not at least `collect` and `show`.
  package var scope: String {
    if commands.contains(.collect) && commands.contains(.show) || name == "format" { return "" }
    return CommandName.allCases.filter(commands.contains).map(\.rawValue).joined(separator: ", ") + ": "
  }

  /// All options, in the order of the help text.
  package static let all: [Flag] = [
    Flag(
      name: "output", argument: "FILE", help: "the published file, - for standard output",
      commands: publishing + [.check]
    ) {
      options, value in options.output = value
    },
    Flag(name: "nvidia-smi", argument: "PATH", help: "which nvidia-smi (default: PATH, then the driver's places)") {
      options, value in options.nvidiaSMI = value
    },
    Flag(name: "timeout", argument: "SECONDS", help: "deadline of nvidia-smi's work in one collection (45)") {
      (options, value) throws(UsageError) in options.timeout = try seconds(value, "timeout")
    },
    Flag(name: "host-root", argument: "DIR", help: "where the node's root is mounted (/)") {
      options, value in options.hostRoot = value
    },
    Flag(name: "proc", argument: "DIR", help: "the node's procfs (<host-root>/proc)") {
      options, value in options.procOverride = value
    },
    Flag(name: "kubelet-root", argument: "DIR", help: "the kubelet's directory (<host-root>/var/lib/kubelet)") {
      options, value in options.kubeletRootOverride = value
    },
    Flag(
      name: "label", argument: "KEY=VALUE", help: "constant label on every sample, repeatable", commands: [.collect]
    ) {
      (options, value) throws(UsageError) in options.labels.append(try label(value, options))
    },
    Flag(
      name: "no-memory-label", argument: nil, help: "leave gpu_memory off gpu_process_info", commands: [.collect]
    ) {
      (options, value) throws(UsageError) in options.hasMemoryLabel = try !bool(value, "no-memory-label")
    },
    Flag(name: "interval", argument: "SECONDS", help: "do it repeatedly, on schedule", commands: publishing) {
      (options, value) throws(UsageError) in options.interval = try seconds(value, "interval")
    },
    Flag(
      name: "for", argument: "SECONDS", help: "with --interval: stop after this time (default: never)",
      commands: publishing
    ) {
      (options, value) throws(UsageError) in options.duration = try seconds(value, "for")
    },
    Flag(name: "json", argument: nil, help: "one JSON object in place of text", commands: [.show, .check]) {
      (options, value) throws(UsageError) in options.isJSON = try bool(value, "json")
    },
    Flag(
      name: "format", argument: "FORMAT",
      help: CommandName.allCases.filter { !$0.formats.isEmpty }
        .map { "\($0.rawValue): " + $0.formats.joined(separator: ", ") }.joined(separator: "; "),
      commands: [.metrics, .help]
    ) { options, value in options.format = value },
    Flag(name: "no-user-label", argument: nil, help: "leave user out", commands: [.collect, .show]) {
      (options, value) throws(UsageError) in options.hasUserLabel = try !bool(value, "no-user-label")
    },
    Flag(
      name: "verbose", argument: nil, help: "end a run with one line of summary on stderr",
      commands: reporting
    ) {
      (options, value) throws(UsageError) in
      if try bool(value, "verbose") { options.verbosity = .verbose }
    },
    Flag(
      name: "quiet", argument: nil, help: "say nothing but why a run failed", commands: reporting
    ) {
      (options, value) throws(UsageError) in
      if try bool(value, "quiet") { options.verbosity = .quiet }
    },
  ]
}

extension String {
  /// The text with some ASCII characters replaced, each by a text.
  func replacingASCII(_ table: KeyValuePairs<Unicode.Scalar, String>) -> String {
    var result: [UInt8] = []
    for byte in utf8 {
      if let entry = table.first(where: { UInt8(ascii: $0.key) == byte }) {
        result += entry.value.utf8
      } else {
        result.append(byte)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}

/// A number of seconds above 0 and below a year, with at most a fraction.
private func seconds(_ value: String, _ flag: String) throws(UsageError) -> Nanoseconds {
  guard let number = SMIValue(Array(value.utf8)[...]).number(unit: ""), number >= 0.001, number < 31_536_000 else {
    throw .invalidValue(flag: flag, value: value, expected: "a number of seconds above 0")
  }
  return Nanoseconds(number * 1e9)
}

private func bool(_ value: String, _ flag: String) throws(UsageError) -> Bool {
  switch value.lowercased() {
  case "true", "1", "yes", "on": return true
  case "false", "0", "no", "off", "": return false
  default: throw .invalidValue(flag: flag, value: value, expected: "true or false")
  }
}

/// A legal label name that is not ours, and a value.
private func label(_ text: String, _ options: Options) throws(UsageError) -> Label {
  let parts = Array(text.utf8)[...].fields(separatedBy: UInt8(ascii: "="), maxSplits: 1)
  guard parts.count == 2, isLabelName(parts[0]) else {
    throw .invalidValue(flag: "label", value: text, expected: "KEY=VALUE with a Prometheus label name")
  }
  let name = parts[0].text
  if ownLabelNames.contains(name) || options.labels.contains(where: { $0.name == name }) {
    throw .invalidValue(flag: "label", value: text, expected: "a name that is not in use already")
  }
  return Label(name, parts[1].text)
}

/// `[a-zA-Z_][a-zA-Z0-9_]*`, without the `__` prefix that Prometheus keeps for itself.
private func isLabelName(_ bytes: ArraySlice<UInt8>) -> Bool {
  func isLetter(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "_")
  }
  guard let first = bytes.first, isLetter(first), !bytes.starts(with: "__") else { return false }
  return bytes.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) }
}
