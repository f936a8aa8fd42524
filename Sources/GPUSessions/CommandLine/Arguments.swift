/// A command with its options.
package enum Command: Sendable, Equatable {
  /// Collects and publishes.
  case collect(Options)
  /// Collects and prints, as a table or with ``Options/isJSON`` as one object.
  case show(Options)
  /// Removes the published file.
  case remove(Options)
  /// Checks the installation.
  case check(Options)
  /// Prints a reference of the metrics in this format.
  case metrics(format: String)
  /// Prints the usage in this format.
  case help(format: String)
  case version

  /// Reads the arguments, without the program's name, and the variables of options that they do not give.
  package init(_ arguments: [String], environment: (String) -> String?) throws(UsageError) {
    if arguments.contains("--help") || arguments.contains("-h") {
      self = .help(format: "text")
      return
    }
    if arguments.contains("--version") {
      self = .version
      return
    }
    var rest = arguments[...]
    var name = CommandName.collect
    if let first = rest.first, !first.hasPrefix("-") {
      guard let known = CommandName(rawValue: first) else { throw .unknownCommand(first) }
      name = known
      rest = rest.dropFirst()
      // `help show` is accepted, and prints the one text that there is.
      if known == .help, let about = rest.first, CommandName(rawValue: about) != nil { rest = rest.dropFirst() }
    }
    let options = try Options(rest, of: name, environment)
    self =
      switch name {
      case .collect: .collect(options)
      case .show: .show(options)
      case .remove: .remove(options)
      case .check: .check(options)
      case .metrics: .metrics(format: options.format ?? name.formats[0])
      case .help: .help(format: options.format ?? name.formats[0])
      }
  }
}

extension Options {
  /// Reads the options of one command. Variables of options that the command does not have are ignored, because they may
  /// be meant for another command.
  fileprivate init(
    _ arguments: ArraySlice<String>, of command: CommandName, _ environment: (String) -> String?
  ) throws(UsageError) {
    self.init()
    let given = try Options.pairs(arguments)
    for (flag, _) in given where !flag.commands.contains(command) {
      throw .notForCommand(flag: flag.name, command: command)
    }
    for flag in Flag.all
    where flag.isVariable(of: command) && !given.contains(where: { $0.flag.name == flag.name }) {
      guard let value = environment(flag.variable), !value.isEmpty else { continue }
      let values =
        flag.isRepeatable ? Array(value.utf8)[...].fields(separatedBy: UInt8(ascii: ",")).map(\.text) : [value]
      for value in values { try flag.apply(&self, value) }
    }
    for (flag, value) in given { try flag.apply(&self, value) }
    if from != nil, let flag = given.first(where: { $0.flag.isOfCollection })?.flag {
      throw .notOfMetrics(flag: flag.name)
    }
    try check()
    if command == .remove, output == "-" { throw .invalidValue(flag: "output", value: "-", expected: "a file") }
    if let format, !command.formats.contains(format) {
      let expected = command.formats.joined(separator: ", ")
      throw .invalidValue(flag: "format", value: format, expected: "one of " + expected)
    }
  }

  /// Reads `--name value` and `--name=value`, in the order given. The value of a switch is `true`.
  private static func pairs(
    _ arguments: ArraySlice<String>
  ) throws(UsageError) -> [(flag: Flag, value: String)] {
    var pairs: [(flag: Flag, value: String)] = []
    var rest = arguments
    while let argument = rest.popFirst() {
      guard argument.hasPrefix("--") else { throw .unexpectedArgument(argument) }
      let parts = Array(argument.utf8)[...].dropFirst(2).fields(separatedBy: UInt8(ascii: "="), maxSplits: 1)
      let name = parts.first?.text ?? ""
      guard let flag = Flag.all.first(where: { $0.name == name }) else { throw .unknownOption(argument) }
      if flag.argument == nil {
        if parts.count > 1 { throw .unexpectedValue(flag: name) }
        pairs.append((flag, "true"))
      } else if parts.count > 1 {
        pairs.append((flag, parts[1].text))
      } else if let value = rest.popFirst() {
        pairs.append((flag, value))
      } else {
        throw .missingValue(flag: name)
      }
    }
    return pairs
  }

  /// Rejects empty paths, and options that do not go together.
  private func check() throws(UsageError) {
    if output.isEmpty { throw .invalidValue(flag: "output", value: "", expected: "a file") }
    if hostRoot.isEmpty { throw .invalidValue(flag: "host-root", value: "", expected: "a directory") }
    if from == "" { throw .invalidValue(flag: "from", value: "", expected: "a file") }
    if duration != nil, interval == nil { throw .needs(flag: "for", other: "interval") }
    if from == nil, !filter.users.isEmpty, !hasUserLabel { throw .excludes(flag: "user", other: "no-user-label") }
  }
}

/// Why the arguments or a variable are wrong. The exit status is 64, and nothing is read or written.
package enum UsageError: Error, Sendable, Equatable {
  case unknownCommand(String)
  case unknownOption(String)
  case unexpectedArgument(String)
  case unexpectedValue(flag: String)
  case missingValue(flag: String)
  case invalidValue(flag: String, value: String, expected: String)
  case needs(flag: String, other: String)
  /// An option that says how this node is collected, beside `--from`.
  case notOfMetrics(flag: String)
  case excludes(flag: String, other: String)
  case notForCommand(flag: String, command: CommandName)

  /// One sentence without the final stop.
  package var sentence: String {
    switch self {
    case .unknownCommand(let name):
      "unknown command '\(name)'" + suggestion(for: name, among: CommandName.allCases.map(\.rawValue))
    case .unknownOption(let text):
      "unknown option '\(text)'"
        + suggestion(for: optionName(text), among: Flag.all.map { "--" + $0.name } + ["--help", "--version"])
    case .unexpectedArgument(let text): "unexpected argument '\(text)'"
    case .unexpectedValue(let flag): "--\(flag) takes no value"
    case .missingValue(let flag): "--\(flag) needs a value"
    case .invalidValue(let flag, let value, let expected): "--\(flag) '\(value)': expected \(expected)"
    case .needs(let flag, let other): "--\(flag) needs --\(other)"
    case .notOfMetrics(let flag):
      "--\(flag) cannot be used with --from, which shows published metrics and collects nothing"
    case .excludes(let flag, let other): "--\(flag) cannot be used with --\(other)"
    case .notForCommand(let flag, .show) where flag != "format":
      "--\(flag) is for 'collect': 'show' publishes nothing"
    case .notForCommand(let flag, let command): "--\(flag) is not an option of '\(command.rawValue)'"
    }
  }
}

/// The part of `--name=value` before the equals sign.
private func optionName(_ text: String) -> String {
  Array(text.utf8)[...].fields(separatedBy: UInt8(ascii: "="), maxSplits: 1).first?.text ?? text
}
