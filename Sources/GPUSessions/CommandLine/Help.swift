/// The text of `gpu-sessions --help`, made from the flag table.
package func helpText() -> String {
  var text = """
    OVERVIEW: Who is on which GPU right now, for node_exporter's textfile collector.

    USAGE: gpu-sessions [collect] [options]
           gpu-sessions show [options]
           gpu-sessions check [options]
           gpu-sessions remove [options]

    COMMANDS:
      collect   publish who is on which GPU, once or on schedule (default)
      show      print it, as a table or with --json as one object; writes no file
      check     examine the installation step by step, each problem with what to do about it
      remove    remove the published file, and what a killed run has left beside it

    OPTIONS:

    """
  for flag in Flag.all {
    text += row("--" + flag.name + (flag.argument.map { " " + $0 } ?? ""), commandNote(flag) + flag.help)
  }
  text += row("--help", "print this text")
  text += row("--version", "print the version")
  text += """

    Each option is also read from the environment as GPU_SESSIONS_NAME, with _ for -; the option wins.

    EXIT STATUS:
      0   published or shown, at least one device was read; or the file is removed; or no check failed
      1   no device could be read; the file or the object says so; or a check failed
      64  wrong usage, nothing was touched
      73  the output could not be written or removed, the previous file is untouched

    """
  return text
}

/// Which command alone it is for.
private func commandNote(_ flag: Flag) -> String {
  guard flag.commands.count == 1, let command = flag.commands.first else { return "" }
  return "\(command.rawValue): "
}

private func row(_ left: String, _ right: String) -> String {
  let padding = String(repeating: " ", count: max(1, 26 - left.utf8.count))
  return "  " + left + padding + right + "\n"
}
