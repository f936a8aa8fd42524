/// Returns the manual page gpu-sessions(1), in the macros of man(7).
func manualPage() -> String {
  var page = ".TH GPU-SESSIONS 1 \"\" \"gpu-sessions \(version)\" \"User Commands\"\n"
  page += section("NAME", escaped("gpu-sessions - " + lowerFirst(overview.dropLast())))
  page += section("SYNOPSIS", ".B gpu-sessions\n.RI [ command ]\n.RI [ options ]")
  page += section("DESCRIPTION", description.map(escaped).joined(separator: "\n.PP\n"))
  page += section("COMMANDS", items(CommandName.allCases.map { ($0.rawValue, nil, $0.summary) }))
  page += section("OPTIONS", items(Flag.all.map { ("--" + $0.name, $0.argument, $0.scope + $0.help) } + general))
  page += section("ENVIRONMENT", escaped(environmentNote))
  page += section("EXIT STATUS", items(ExitStatus.allCases.map { ("\($0.rawValue)", nil, $0.meaning) }))
  page += section("FILES", items(files))
  page += section("EXAMPLES", items(examples))
  return page
}

private let description = [
  "gpu-sessions asks nvidia-smi which processes are on which GPU or MIG instance. In files of the node it finds the"
    + " owner of each process: pod, namespace and container, or user, systemd unit and Slurm job. It publishes the"
    + " result for the textfile collector of node_exporter. It runs once and ends. It needs no daemon, no API server"
    + " and no network.",
  "Values that are not known are left out. If no device could be read, the published file and the exit status say"
    + " so.",
]

private let general: [(String, String?, String)] = [
  ("--help", nil, "print the usage"), ("--version", nil, "print the version"),
]

private let files: [(String, String?, String)] = [
  (Options().output, nil, "the published file, see --output"),
  ("/etc/default/gpu-sessions", nil, "variables of the systemd service, one NAME=VALUE per line"),
  ("/etc/cron.d/gpu-sessions", nil, "the schedule under cron, with its variables"),
]

private let examples: [(String, String?, String)] = [
  ("gpu-sessions show", nil, "who is on which GPU, as a table"),
  ("gpu-sessions --output - --verbose", nil, "what would be published, and what was left out"),
  ("gpu-sessions --interval 15 --for 50", nil, "four collections in a minute, for cron"),
]

private func section(_ title: String, _ body: String) -> String { ".SH \(title)\n\(body)\n" }

private func items(_ rows: [(term: String, argument: String?, text: String)]) -> String {
  rows.map { row in
    let argument = row.argument.map { " \\fI" + escaped($0) + "\\fR" } ?? ""
    return ".TP\n\\fB" + escaped(row.term) + "\\fR" + argument + "\n" + escaped(row.text)
  }.joined(separator: "\n")
}

/// Returns the text in a form that roff prints unchanged: `-` stays a minus, and no text starts with a control character.
private func escaped(_ text: String) -> String {
  var result = text.utf8.first == UInt8(ascii: ".") || text.utf8.first == UInt8(ascii: "'") ? "\\&" : ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\\": result += "\\e"
    case "-": result += "\\-"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}

private func lowerFirst(_ text: Substring) -> String { text.prefix(1).lowercased() + text.dropFirst() }
