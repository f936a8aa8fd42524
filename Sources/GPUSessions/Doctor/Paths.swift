/// Without empty components and `.`; absolute paths stay so.
func normalizedPath(_ path: String) -> String {
  let parts = Array(path.utf8)[...].fields(separatedBy: UInt8(ascii: "/"))
  let kept = parts.filter { !$0.isEmpty && !$0.equals(".") }.map(\.text).joined(separator: "/")
  return path.utf8.first == UInt8(ascii: "/") ? "/" + kept : kept
}

/// The path with every symbolic link followed; what is not there is no link.
///
/// A relative one begins where this process works. `nil` where that is not known, or after 40 links.
func resolvedPath(_ path: String, _ host: Host, _ proc: String) -> String? {
  let slash = UInt8(ascii: "/")
  var rest = Array(Array(path.utf8)[...].fields(separatedBy: slash).reversed())
  if path.utf8.first != slash {
    guard let directory = host.readLink(proc + "/self/cwd").contents, directory.first == slash else { return nil }
    rest += directory.fields(separatedBy: slash).reversed()
  }
  var done: [ArraySlice<UInt8>] = []
  var links = 0
  while let part = rest.popLast() {
    if part.isEmpty || part.equals(".") { continue }
    if part.equals("..") {
      _ = done.popLast()
      continue
    }
    let next = "/" + (done + [part]).map(\.text).joined(separator: "/")
    guard let target = host.readLink(next).contents else {
      done.append(part)
      continue
    }
    links += 1
    if links > 40 { return nil }
    if target.first == slash { done = [] }
    rest += target.fields(separatedBy: slash).reversed()
  }
  return "/" + done.map(\.text).joined(separator: "/")
}
