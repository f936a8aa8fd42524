/// The state of the file that `--output` names.
enum TextfileState: Sendable {
  case absent
  case failed(Errno)
  /// The file is longer than ``limit``.
  case tooLong
  /// node_exporter would drop the file for this flaw.
  case broken(ExpositionFile.Flaw)
  case whole(ExpositionFile)

  /// The most bytes that are read, 64 MiB: far more than any node publishes.
  static let limit = 64 << 20

  init(_ read: FileRead) {
    switch read {
    case .absent: self = .absent
    case .failed(let errno): self = .failed(errno)
    case .tooLong: self = .tooLong
    case .bytes(let bytes):
      do throws(ExpositionFile.Flaw) { self = .whole(try ExpositionFile(bytes)) } catch { self = .broken(error) }
    }
  }
}
