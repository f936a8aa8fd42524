/// What is mounted where, by `/proc/self/mountinfo`. Source of the format: proc_pid_mountinfo(5).
package struct MountTable: Sendable {
  /// One mount.
  package struct Mount: Sendable, Equatable {
    /// Which directory of its file system it shows; `/` for the whole of it.
    package var root: String
    /// Where it is seen.
    package var point: String
    /// The file system's type: `ext4`, `tmpfs`, `overlay`.
    package var type: String
  }

  private let mounts: [Mount]

  /// Reads the table; lines that do not have the form are left out.
  package init(_ bytes: [UInt8]) { mounts = bytes[...].lines().compactMap { Mount($0) } }

  /// `nil` where it cannot be read.
  init?(_ host: Host, proc: String) {
    guard case .bytes(let bytes) = host.readFile(proc + "/self/mountinfo", 8 << 20) else { return nil }
    self.init(bytes)
  }

  /// The mount that a path without links lies on: the longest point above it, of several on one the last.
  package func mount(of path: String) -> Mount? {
    var best: Mount?
    for mount in mounts where mount.covers(path) && mount.point.utf8.count >= best?.point.utf8.count ?? 0 {
      best = mount
    }
    return best
  }
}

extension MountTable.Mount {
  /// `36 35 98:0 /root /point options [tags…] - type source options`.
  fileprivate init?(_ line: ArraySlice<UInt8>) {
    let fields = line.fields(separatedBy: UInt8(ascii: " "))
    guard fields.count > 6, let dash = fields[6...].firstIndex(where: { $0.equals("-") }), dash + 1 < fields.count
    else { return nil }
    root = unescaped(fields[3])
    point = unescaped(fields[4])
    type = fields[dash + 1].text
  }

  fileprivate func covers(_ path: String) -> Bool {
    point == "/" || path == point || Array(path.utf8)[...].starts(with: point + "/")
  }
}

/// Blanks, tabs, line feeds and backslashes are written as `\` and three octal digits.
private func unescaped(_ field: ArraySlice<UInt8>) -> String {
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
