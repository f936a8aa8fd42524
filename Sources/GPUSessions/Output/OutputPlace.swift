/// Directory and name of the published file.
package struct OutputPlace: Equatable {
  /// The directory as the user wrote it; `.` if the path has no slash.
  package var directory: String
  /// The part after the last slash; empty if the path ends with a slash.
  package var name: String

  /// Splits the path at its last slash.
  package init(_ path: String) {
    let bytes = Array(path.utf8)[...]
    guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else {
      directory = "."
      name = path
      return
    }
    directory = slash == bytes.startIndex ? "/" : bytes[..<slash].text
    name = bytes[(slash + 1)...].text
  }

  /// The path of another file in the directory.
  package func path(of name: String) -> String { directory == "/" ? "/" + name : "\(directory)/\(name)" }

  /// Whether node_exporter reads files of this name (`collector/textfile.go`); one that begins with a point it reads too.
  static func isTextfile(_ name: String) -> Bool { Array(name.utf8)[...].ends(with: ".prom") }

  /// Name of the file that a run writes first and then renames. node_exporter ignores it, because it does not end with
  /// `.prom`.
  package var temporary: String { ".\(name).tmp" }

  /// Name of the file that a run locks while it publishes. node_exporter ignores it too.
  package var lock: String { ".\(name).lock" }
}

extension String {
  /// The string as one word of a POSIX shell command, in single quotes unless it needs none.
  var quoted: String {
    if !isEmpty, utf8.allSatisfy(isPlain) { return self }
    let parts = Array(utf8)[...].fields(separatedBy: UInt8(ascii: "'")).map(\.text)
    return "'" + parts.joined(separator: "'\\''") + "'"
  }
}

/// Whether the byte has no meaning of its own to the shell.
private func isPlain(_ byte: UInt8) -> Bool {
  (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    || "/._-+=:,@%".utf8.contains(byte)
}
