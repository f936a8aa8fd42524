/// Exit statuses that scripts rely on.
package enum ExitStatus: Int32, Sendable, CaseIterable {
  case success = 0
  case failure = 1
  case usage = 64
  case cannotCreate = 73

  /// What it says, for help and manual.
  package var meaning: String {
    switch self {
    case .success: "published or shown, at least one device was read; or the file is removed; or no check failed"
    case .failure: "no device could be read; the file or the object says so; or a check failed"
    case .usage: "wrong usage, nothing was touched"
    case .cannotCreate: "the output could not be written or removed, the previous file is untouched"
    }
  }
}
