/// Returns the usage in one of the formats of `help`. All formats are made from the tables of commands and options.
package func usage(as format: String) -> String {
  switch format {
  case "man": manualPage()
  case "bash": bashCompletions()
  case "zsh": zshCompletions()
  case "fish": fishCompletions()
  default: helpText()
  }
}

/// What the program does, in one line.
let overview = "Who is on which GPU right now, for node_exporter's textfile collector."

/// Returns the text of `gpu-sessions --help`.
package func helpText() -> String {
  var text = "OVERVIEW: \(overview)\n\nUSAGE: gpu-sessions [command] [options]\n\nCOMMANDS:\n"
  for command in CommandName.allCases { text += row(command.rawValue, command.summary, width: 10) }
  text += "\nOPTIONS:\n"
  for flag in Flag.all { text += row(flag.synopsis, flag.scope + flag.help, width: 26) }
  text += row("--help", "print this text", width: 26)
  text += row("--version", "print the version", width: 26)
  text += "\n" + environmentNote + "\n\nEXIT STATUS:\n"
  for status in ExitStatus.allCases { text += row("\(status.rawValue)", status.meaning, width: 4) }
  return text
}

let environmentNote =
  "Each option can also be set by an environment variable: GPU_SESSIONS_ and its name in capitals, with _ for -,\n"
  + "such as GPU_SESSIONS_HOST_ROOT. An option on the command line wins over its variable.\n"
  + "show ignores GPU_SESSIONS_INTERVAL and GPU_SESSIONS_FOR."

extension Flag {
  /// The option with its argument: `--name VALUE`.
  var synopsis: String { "--" + name + (argument.map { " " + $0 } ?? "") }
}

/// Returns a line of two columns, the left one as wide as given.
private func row(_ left: String, _ right: String, width: Int) -> String {
  "  " + left + String(repeating: " ", count: max(1, width - left.utf8.count)) + right + "\n"
}
