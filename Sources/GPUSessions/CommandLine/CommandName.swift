/// The commands, by the word that asks for them: parser, help, manual and completions read this one table.
package enum CommandName: String, Sendable, CaseIterable {
  case collect, show, check, remove, metrics, help

  /// What it does, in one line.
  package var summary: String {
    switch self {
    case .collect: "publish who is on which GPU, once or on schedule (default)"
    case .show: "print it, as a table or with --json as one object; writes no file"
    case .check: "examine the installation step by step, each problem with what to do about it"
    case .remove: "remove the published file, and what a killed run has left beside it"
    case .metrics: "print the reference of everything that can be published"
    case .help: "print how it is used, as text, manual page or completions of a shell"
    }
  }

  /// What `--format` of this command may be, the default first; empty where it has none.
  package var formats: [String] {
    switch self {
    case .metrics: ["markdown", "prometheus"]
    case .help: ["text", "man", "bash", "zsh", "fish"]
    case .collect, .show, .check, .remove: []
    }
  }
}
