/// The ancestors of processes, and what is read of each. An ancestor is read once in a run.
struct Ancestors<Facts: Sendable>: Sendable {
  /// Reads a process's file of at most so many bytes.
  typealias FileReader = (_ name: String, _ limit: Int) -> FileRead

  private struct Ancestor: Sendable {
    var process: ProcessStat
    var facts: Facts
  }

  private let node: ProcFS
  private let read: @Sendable (ProcessStat, FileReader) -> Facts
  /// The value is `nil` for a process that could not be read.
  private var known: [Int32: Ancestor?] = [:]

  /// `read` reads an ancestor through one directory descriptor, so that all of it is of one process.
  init(node: ProcFS, read: @escaping @Sendable (ProcessStat, FileReader) -> Facts) {
    self.node = node
    self.read = read
  }

  /// What `find` makes of the nearest ancestor of which it makes something; `nil` if there is none.
  mutating func first<Found>(above process: ProcessStat, _ find: (ProcessStat, Facts) -> Found?) -> Found? {
    var child = process
    for _ in 0..<64 where child.parent > 1 {
      // A parent that started later is another process to which the PID was given.
      guard let ancestor = ancestor(child.parent), ancestor.process.startTicks <= child.startTicks else {
        return nil
      }
      if let found = find(ancestor.process, ancestor.facts) { return found }
      child = ancestor.process
    }
    return nil
  }

  private mutating func ancestor(_ pid: Int32) -> Ancestor? {
    if let known = known[pid] { return known }
    var found: Ancestor?
    _ = node.openProcess(pid) { file in
      guard case .bytes(let bytes) = file("stat", ProcFS.statLimit), let stat = ProcessStat(bytes) else { return }
      found = Ancestor(process: stat, facts: read(stat, file))
    }
    known.updateValue(found, forKey: pid)  // A subscript would remove the key where nothing was found.
    return found
  }
}
