/// The command `remove`: removes the published file, so that none stays when the program is uninstalled.
///
/// With `--interval` it does so repeatedly, because a collection that is still running may publish once more.
struct RemoveCommand {
  let host: Host
  let options: Options

  /// Returns the exit status of the last run.
  func run() -> ExitStatus {
    Schedule(host: host, options: options).run(remove)
  }

  /// How long one removal may take. Another run may hold the lock for 5 s.
  private static let limit = 10 * Nanoseconds.perSecond

  private func remove() -> ExitStatus? {
    var status = ExitStatus.cannotCreate
    host.watch(
      host.now() + RemoveCommand.limit, { lateWrite(options.output, "removed", $0, host).rawValue },
      { status = removeNow() })
    return status
  }

  private func removeNow() -> ExitStatus {
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
