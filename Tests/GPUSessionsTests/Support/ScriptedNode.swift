import GPUSessions

/// A host without clocks and effects that has these files, by path; the files of processes are among them.
func fakeHost(
  files: [String: String] = [:], executables: Set<String> = [], path: String = "/usr/bin",
  onRead: @escaping @Sendable (_ path: String) -> Void = { _ in },
  spawn: @escaping @Sendable ([ChildCommand], Nanoseconds) -> [ChildOutcome] = { _, _ in [] }
) -> Host {
  let read: @Sendable (String) -> FileRead = { name in
    onRead(name)
    return files[name].map { .bytes(Array($0.utf8)) } ?? .absent
  }
  return Host(
    spawn: spawn, abandonedChildren: { 0 }, isExecutable: { executables.contains($0) },
    openProcesses: { proc in
      { pid, body in
        guard files.keys.contains(where: { $0.hasPrefix("\(proc)/\(pid)/") }) else { return .absent }
        body { name, _ in read("\(proc)/\(pid)/\(name)") }
        return .opened
      }
    },
    readFile: { name, _ in read(name) }, readLink: { _ in .absent }, listDirectory: { _ in .absent },
    publish: { _, _, _ in .replaced }, write: { _, _ in true }, now: { 0 },
    wallClock: { 0 }, sleep: { _ in true }, isTerminated: { false },
    environment: { $0 == "PATH" ? path : nil })
}
