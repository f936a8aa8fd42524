/// The exit statuses. Scripts rely on them, so they never change.
package enum ExitStatus: Int32, Sendable, CaseIterable {
  case success = 0
  case failure = 1
  case usage = 64
  case cannotCreate = 73

  /// What the status means, in one line.
  package var meaning: String {
    switch self {
    case .success:
      "at least one device was read; remove: the file does not exist any more; check: no check failed"
    case .failure:
      "no device could be read (the published file and show --json say so); a check failed; or a signal ended the run"
    case .usage: "wrong usage; nothing was read or written"
    case .cannotCreate: "the output could not be written or removed; the previous file is unchanged"
    }
  }
}
