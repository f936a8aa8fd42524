/// The mounts of a process, from `/proc/self/mountinfo`.
///
/// Source of the format: proc_pid_mountinfo(5).
package struct MountTable: Sendable {
  /// One mount.
  package struct Mount: Sendable, Equatable {
    /// The directory of its file system that is mounted; `/` for the whole of it.
    package var root: String
    /// The path at which it is mounted.
    package var point: String
    /// The file system's type: `ext4`, `tmpfs`, `overlay`.
    package var type: String
  }

  private let mounts: [Mount]

  /// Reads the content of the file; lines that do not have the form are left out.
  package init(_ bytes: [UInt8]) { mounts = bytes[...].lines().compactMap { Mount($0) } }

  /// The mount on which a path without symbolic links lies; `nil` if no mount covers it.
  ///
  /// That is the mount with the longest point above the path, and the last of several with the same point.
  package func mount(of path: String) -> Mount? {
    var best: Mount?
    for mount in mounts where mount.covers(path) && mount.point.utf8.count >= best?.point.utf8.count ?? 0 {
      best = mount
    }
    return best
  }
}

extension MountTable.Mount {
  /// Reads `36 35 98:0 /root /point options [tags…] - type source options`.
  fileprivate init?(_ line: ArraySlice<UInt8>) {
    let fields = line.fields(separatedBy: UInt8(ascii: " "))
    guard fields.count > 6, let dash = fields[6...].firstIndex(where: { $0.equals("-") }), dash + 1 < fields.count
    else { return nil }
    root = undoingOctalEscapes(fields[3])
    point = undoingOctalEscapes(fields[4])
    type = fields[dash + 1].text
  }

  /// Whether the path is the mount's point or lies below it.
  fileprivate func covers(_ path: String) -> Bool {
    point == "/" || path == point || Array(path.utf8)[...].starts(with: point + "/")
  }
}

/// The text with each `\` and three octal digits replaced by its byte.
///
/// The kernel writes spaces, tabs, line feeds and backslashes in this form.
private func undoingOctalEscapes(_ field: ArraySlice<UInt8>) -> String {
  var bytes: [UInt8] = []
  var rest = field
  while let byte = rest.popFirst() {
    let digits = rest.prefix(3)
    if byte == UInt8(ascii: "\\"), digits.count == 3, digits.allSatisfy({ (0x30...0x37).contains($0) }) {
      bytes.append(digits.reduce(0) { $0 &* 8 &+ ($1 & 7) })
      rest = rest.dropFirst(3)
    } else {
      bytes.append(byte)
    }
  }
  return bytes[...].text
}
