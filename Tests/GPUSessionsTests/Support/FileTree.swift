import GPUSessions

/// Files by path, and paths that fail; directories follow from them. Everything else of the host does nothing.
struct FileTree: Sendable {
  var files: [String: String] = [:]
  var failing: Set<String> = []

  /// A host that has only these files.
  var host: Host {
    let tree = self
    return Host(
      spawn: { _, _ in [] }, abandonedChildren: { 0 }, isExecutable: { _ in false },
      openProcesses: { _ in { _, _ in .absent } },
      readFile: { path, limit in
        if tree.failing.contains(path) { return .failed(13) }
        guard let text = tree.files[path] else { return .absent }
        return text.utf8.count > limit ? .tooLong : .bytes(Array(text.utf8))
      },
      readLink: { _ in .absent }, listDirectory: { tree.list($0) },
      publish: { _, _, _ in .replaced }, write: { _, _ in true }, now: { 0 }, wallClock: { 0 },
      sleep: { _ in true }, isTerminated: { false }, environment: { _ in nil })
  }

  private func list(_ path: String) -> DirectoryRead<[ArraySlice<UInt8>]> {
    if failing.contains(path) { return .failed(13) }
    let names = Set(
      files.keys.filter { $0.hasPrefix(path + "/") }.compactMap {
        $0.dropFirst(path.count + 1).split(separator: "/").first.map(String.init)
      })
    return names.isEmpty ? .absent : .names(names.sorted())
  }
}
