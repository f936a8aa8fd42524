/// The commands. Parser, help, manual page and completions read this table.
package enum CommandName: String, Sendable, CaseIterable {
  case collect, show, check, remove, metrics, help

  /// What the command does, in one line.
  package var summary: String {
    switch self {
    case .collect: "publish who is on which GPU, once or at intervals (default)"
    case .show: "print who is on which GPU as a table, or with --json as one object; writes no file"
    case .check: "check the installation and say what to do about each problem; writes no file"
    case .remove: "remove the published file and the temporary file of a killed run"
    case .metrics: "print a reference of all metrics"
    case .help: "print the usage as text, as manual page or as completions for a shell"
    }
  }

  /// The values of `--format`, the default first; empty if the command does not have the option.
  package var formats: [String] {
    switch self {
    case .metrics: ["markdown", "prometheus"]
    case .help: ["text", "man", "bash", "zsh", "fish"]
    case .collect, .show, .check, .remove: []
    }
  }
}
