private let commands = CommandName.allCases

extension CommandName {
  fileprivate var flags: [Flag] { Flag.all.filter { $0.commands.contains(self) } }

  /// The options that can follow the command, as `--a --b --help`.
  fileprivate var words: String { (flags.map { "--" + $0.name } + ["--help"]).joined(separator: " ") }
}

extension Flag {
  fileprivate var takesDirectory: Bool { argument == "DIR" }
  fileprivate var takesFile: Bool { argument == "FILE" || argument == "PATH" }
}

/// The options as alternatives of a shell's `case`.
private func names(_ flags: [Flag]) -> String { flags.map { "--" + $0.name }.joined(separator: "|") }

/// Returns the completions for bash, to be sourced or put into the directory of bash-completion.
func bashCompletions() -> String {
  let cases = commands.map {
    "    \($0.rawValue)) options='\($0.words)' formats='\($0.formats.joined(separator: " "))' ;;\n"
  }
  return """
    _gpu_sessions() {
      local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command=collect options formats
      if [[ $COMP_CWORD -gt 1 && ${COMP_WORDS[1]} != -* ]]; then command=${COMP_WORDS[1]}; fi
      case $command in
    \(cases.joined())    *) return ;;
      esac
      COMPREPLY=()
      case $before in
        --format) mapfile -t COMPREPLY < <(compgen -W "$formats" -- "$word") ;;
        \(names(Flag.all.filter(\.takesDirectory)))) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$word") ;;
        \(names(Flag.all.filter(\.takesFile)))) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
        \(names(Flag.all.filter { $0.argument != nil && !$0.takesFile && !$0.takesDirectory && $0.name != "format" }))) ;;
        *)
          if [[ $COMP_CWORD -eq 1 && $word != -* ]]; then
            mapfile -t COMPREPLY < <(compgen -W '\(commands.map(\.rawValue).joined(separator: " "))' -- "$word")
          else
            mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
          fi ;;
      esac
    }
    complete -F _gpu_sessions gpu-sessions

    """
}

/// Returns the completions for zsh: the file `_gpu-sessions` in a directory of `fpath`.
func zshCompletions() -> String {
  let described = commands.map { "    \(quoted($0.rawValue + ":" + $0.summary))\n" }
  let cases = commands.map { command in
    "    \(command.rawValue)) _arguments '1:command:' \(command.flags.map { zsh($0, command) }.joined(separator: " ")) ;;\n"
  }
  return """
    #compdef gpu-sessions
    local -a commands
    commands=(
    \(described.joined())  )
    if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then
      _describe command commands
      return
    fi
    case $words[2] in
    \(cases.joined())    -*) _arguments \(CommandName.collect.flags.map { zsh($0, .collect) }.joined(separator: " ")) ;;
    esac

    """
}

/// Returns the argument of zsh's `_arguments` for one option.
private func zsh(_ flag: Flag, _ command: CommandName) -> String {
  let action =
    flag.name == "format"
    ? "(\(command.formats.joined(separator: " ")))"
    : flag.takesDirectory ? "_files -/" : flag.takesFile ? "_files" : " "
  let help = flag.help.replacingASCII(["[": "(", "]": ")", ":": ";"])
  return quoted("*--\(flag.name)[\(help)]" + (flag.argument.map { ":\($0):\(action)" } ?? ""))
}

/// Returns the completions for fish: the file `gpu-sessions.fish` in a directory for completions.
func fishCompletions() -> String {
  var text = "complete -c gpu-sessions -f\n"
  for command in commands {
    text +=
      "complete -c gpu-sessions -n __fish_use_subcommand -a \(command.rawValue) -d \(quoted(command.summary))\n"
  }
  for flag in Flag.all {
    let seen =
      "__fish_seen_subcommand_from "
      + commands.filter(flag.commands.contains).map(\.rawValue).joined(separator: " ")
    let condition = flag.commands.contains(.collect) ? "__fish_use_subcommand; or " + seen : seen
    text += "complete -c gpu-sessions -n \(quoted(condition)) -l \(flag.name) -d \(quoted(flag.help))"
    text += flag.argument == nil ? "" : flag.takesFile || flag.takesDirectory ? " -r -F" : " -x"
    text += flag.name == "format" ? " -a \(quoted(commands.flatMap(\.formats).joined(separator: " ")))\n" : "\n"
  }
  return text
}

/// Returns the text in single quotes, in a form that all three shells read.
private func quoted(_ text: String) -> String {
  "'" + text.replacingASCII(["'": "'\\''"]) + "'"
}

extension String {
  /// Returns the string with each of these ASCII characters replaced by a text.
  fileprivate func replacingASCII(_ table: KeyValuePairs<Unicode.Scalar, String>) -> String {
    unicodeScalars.map { scalar in table.first { $0.key == scalar }?.value ?? String(scalar) }.joined()
  }
}
