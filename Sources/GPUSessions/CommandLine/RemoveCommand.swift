/// The command `remove`: takes back what `collect` has published, so that nothing old stays when it is uninstalled.
///
/// With `--interval` it does so repeatedly: a collection that is under way may publish once more.
struct RemoveCommand {
  let host: Host
  let options: Options

  /// The last run's exit status.
  func run() -> ExitStatus {
    Schedule(host: host, options: options).run(remove)
  }

  private func remove() -> ExitStatus? {
    do throws(PublishError) {
      let wasThere = try host.remove(options.output)
      if options.verbosity == .verbose {
        diagnose(options.output + (wasThere ? " is removed" : " is not there"), host)
      }
      return .success
    } catch {
      diagnose("error: " + error.sentence(output: options.output, "removed"), host)
      return .cannotCreate
    }
  }
}
