/// Runs the program with these arguments, without the program's name, and returns the exit status.
///
/// `arguments` is `nil` if they could not be read. Nothing is done then, because the defaults may not be what the user
/// wants.
package func run(_ arguments: [String]?, _ host: Host) -> ExitStatus {
  guard let arguments else {
    diagnose("error: the arguments cannot be read from /proc/self", host)
    return .usage
  }
  do throws(UsageError) {
    switch try Command(arguments, environment: host.environment) {
    case .help(let format): return say(usage(as: format), host)
    case .metrics(let format): return say(format == "prometheus" ? metricsHeaders() : metricsTable(), host)
    case .version: return say("gpu-sessions \(version)\n", host)
    case .collect(let options): return CollectCommand(host: host, options: options).run()
    case .remove(let options): return RemoveCommand(host: host, options: options).run()
    case .show(let options): return show(host, options)
    case .check(let options): return check(host, options)
    }
  } catch {
    diagnose("error: " + error.sentence, host)
    diagnose("see 'gpu-sessions --help'", host)
    return .usage
  }
}

/// Writes one line to standard error. Control characters in the sentence, which may come from outside, become `?`.
func diagnose(_ sentence: String, _ host: Host) {
  _ = host.write(.standardError, Array(("gpu-sessions: " + sentence.printable(with: "?") + "\n").utf8))
}

/// Writes a text to standard output.
private func say(_ text: String, _ host: Host) -> ExitStatus {
  host.write(.standardOutput, Array(text.utf8)) ? .success : .cannotCreate
}
