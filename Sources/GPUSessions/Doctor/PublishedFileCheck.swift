extension Check {
  /// The most seconds that a file may be old: three runs of a schedule of one minute.
  private static let freshSeconds = 180.0

  /// Whether the published file exists, is valid, fresh, complete and readable for node_exporter.
  static func publishedFile(_ context: CheckContext) -> Finding {
    guard let place = context.place else { return .skip(toStandardOutput) }
    if !OutputPlace.isTextfile(place.name) {
      return .fail(
        "\(place.name): node_exporter reads only files whose names end in .prom",
        "publish to such a name: --output \(place.path(of: place.name + ".prom").quoted)")
    }
    let path = context.options.output
    switch context.published {
    case .absent:
      if case .absent = context.host.listDirectory(place.directory) {
        return .skip(withoutDirectory)
      }
      return .fail(
        "\(path) is not there: nothing has been published",
        "run it: sudo gpu-sessions; then let a systemd timer or cron run it every minute")
    case .failed(let errno): return unreadable(path, errno)
    case .tooLong: return .fail("\(path) is longer than \(TextfileState.limit >> 20) MiB", "sudo rm \(path.quoted)")
    case .broken(let flaw):
      return .fail(
        "\(path): \(flaw.sentence), so node_exporter drops all of it", "write it anew: sudo gpu-sessions")
    case .whole(let file): return judge(file, path, context)
    }
  }

  /// Why the file cannot be read. The host opens regular files only and follows no symbolic link.
  private static func unreadable(_ path: String, _ errno: Errno) -> Finding {
    switch errno {
    case .tooManySymbolicLinks:
      .fail("\(path) is a symbolic link", "the next run replaces it by a file: sudo gpu-sessions")
    case .invalidArgument: .fail("\(path) is not a regular file", "name another file with --output FILE")
    default: .fail("\(path) cannot be read (\(errno.reason))", asRoot)
    }
  }

  /// A valid file: who wrote it, how old it is, what it says about its run, and who may read it.
  private static func judge(_ file: ExpositionFile, _ path: String, _ context: CheckContext) -> Finding {
    guard let lastRun = file.lastRunSeconds else {
      return .fail(
        "\(path) does not say when it was written: another program wrote it", "name another file with --output FILE"
      )
    }
    let age = Double(context.host.wallClock()) / 1e9 - lastRun
    if age < -clockTolerance {
      return .skip("whole, but its time is ahead of the clock, so its age is not known")
    }
    let written = "written \(Quantity.age(max(0, age))) ago"
    if age > freshSeconds {
      return .fail(
        "\(path): \(written)",
        "see why gpu-sessions no longer runs: journalctl --since=-1h | grep gpu-sessions; kubectl get pods -A")
    }
    if file.success != 1 {
      return .warn("\(written) by a run that could not read everything", "sudo gpu-sessions --verbose --output -")
    }
    if let status = context.host.fileStatus(path), !status.isReadableByOthers {
      return .warn(
        "\(written), mode \(status.octal): node_exporter may not be allowed to read it",
        "sudo chmod 644 \(path.quoted)")
    }
    return .pass("\(written), whole")
  }
}
