/// Where the file of `--output` lies.
struct OutputPlace: Equatable {
  /// As the user wrote it, `.` for none.
  var directory: String
  var name: String

  /// Cuts a path at its last slash; `nil` for `-`, standard output.
  init?(_ output: String) {
    if output == "-" { return nil }
    let bytes = Array(output.utf8)[...]
    guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else {
      directory = "."
      name = output
      return
    }
    directory = slash == bytes.startIndex ? "/" : bytes[..<slash].text
    name = bytes[(slash + 1)...].text
  }

  /// The path of another file in the directory.
  func path(of name: String) -> String { directory == "/" ? "/" + name : "\(directory)/\(name)" }

  /// What a run writes before it renames it.
  var temporary: String { ".\(name).tmp" }
}

extension String {
  /// As one word of a shell command.
  var quoted: String {
    if !isEmpty, utf8.allSatisfy(isPlain) { return self }
    let parts = Array(utf8)[...].fields(separatedBy: UInt8(ascii: "'")).map(\.text)
    return "'" + parts.joined(separator: "'\\''") + "'"
  }
}

/// Whether the shell takes the byte as it stands.
private func isPlain(_ byte: UInt8) -> Bool {
  (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    || "/._-+=:,@%".utf8.contains(byte)
}
