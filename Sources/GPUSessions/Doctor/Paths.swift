/// Returns the path without empty components and `.`.
func normalizedPath(_ path: String) -> String {
  let parts = Array(path.utf8)[...].fields(separatedBy: UInt8(ascii: "/"))
  let kept = parts.filter { !$0.isEmpty && !$0.equals(".") }.map(\.text).joined(separator: "/")
  return path.utf8.first == UInt8(ascii: "/") ? "/" + kept : kept
}

/// Returns the absolute path with every symbolic link followed. A component that does not exist counts as no link.
///
/// A relative path begins in the working directory, which `proc` shows. `nil` if that cannot be read, and after 40
/// links, as many as Linux follows (path_resolution(7)).
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
