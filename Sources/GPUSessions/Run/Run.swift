/// The whole program: arguments (without the program's name) in, exit status out.
package func run(_ arguments: [String], _ host: Host) -> ExitStatus {
  do throws(UsageError) {
    switch try Command(arguments, environment: host.environment) {
    case .help(let format): return say(usage(as: format), host)
    case .metrics(let format): return say(format == "prometheus" ? metricsHeaders() : metricsTable(), host)
    case .version: return say("gpu-sessions \(version)\n", host)
    case .collect(let options): return Collect(host: host, options: options).run()
    case .remove(let options): return Remove(host: host, options: options).run()
    case .show(let options): return show(host, options)
    case .check(let options): return check(host, options)
    }
  } catch {
    diagnose("error: " + error.sentence, host)
    diagnose("see 'gpu-sessions --help'", host)
    return .usage
  }
}

/// One line on stderr. What came from outside cannot start a second one.
func diagnose(_ sentence: String, _ host: Host) {
  let line = "gpu-sessions: \(sentence)".utf8.map { $0 < 0x20 || $0 == 0x7F ? UInt8(ascii: "?") : $0 }
  _ = host.write(.standardError, line + [UInt8(ascii: "\n")])
}

private func say(_ text: String, _ host: Host) -> ExitStatus {
  host.write(.standardOutput, Array(text.utf8)) ? .success : .cannotCreate
}
