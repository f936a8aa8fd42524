extension PublishError {
  /// One sentence: the output that could not be `done` (`written`, `removed`), the reason, and a remedy if there is one.
  func sentence(output: String, _ done: String = "written") -> String {
    let reason = errno.reason
    return switch step {
    case .openDirectory: "\(output) cannot be \(done): directory \(path): \(reason)" + advice
    case .lock where errno == 0: "\(output) cannot be \(done): another run has held the lock on \(path) for 5 s"
    case .lock: "\(output) cannot be \(done): directory \(path) cannot be locked: \(reason)"
    case .examine, .clear, .create, .write, .sync, .rename: "\(output) cannot be \(done): \(reason)" + advice
    }
  }

  /// A remedy in parentheses, to follow the sentence; empty if none is known.
  private var advice: String {
    switch (step, errno) {
    case (.openDirectory, .noSuchFileOrDirectory): " (try: sudo mkdir -p \(path))"
    case (_, .permissionDenied), (_, .notPermitted): " (run as root, or give --output)"
    default: ""
    }
  }
}
