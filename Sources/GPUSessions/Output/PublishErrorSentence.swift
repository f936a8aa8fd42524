extension PublishError {
  /// One sentence: what could not be done (`written`, `removed`) to the output, why, and what helps.
  func sentence(output: String, _ done: String = "written") -> String {
    let reason = reason(of: errno)
    return switch step {
    case .openDirectory: "\(output) cannot be \(done): directory \(path): \(reason)" + advice
    case .lock where errno == 0: "\(output) cannot be \(done): another run has held the lock on \(path) for 5 s"
    case .lock: "\(output) cannot be \(done): directory \(path) cannot be locked: \(reason)"
    case .examine, .clear, .create, .write, .sync, .rename: "\(output) cannot be \(done): \(reason)" + advice
    }
  }

  private var advice: String {
    switch (step, errno) {
    case (.openDirectory, 2): " (try: sudo mkdir -p \(path))"
    case (_, 13), (_, 1): " (run as root, or give --output)"
    default: ""
    }
  }
}

/// An errno value in words.
func reason(of errno: Int32) -> String { reasons[errno] ?? "errno \(errno)" }

/// Linux errno values in the words of `strerror`.
private let reasons: [Int32: String] = [
  1: "operation not permitted", 2: "no such file or directory", 5: "input/output error",
  13: "permission denied", 17: "file exists", 20: "not a directory", 21: "is a directory",
  27: "file too large", 28: "no space left on device", 30: "read-only file system", 36: "file name too long",
  39: "directory not empty", 40: "too many levels of symbolic links", 122: "disk quota exceeded",
]
