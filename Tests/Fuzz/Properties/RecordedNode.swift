import GPUSessions

/// A node made of the bytes of one input: what nvidia-smi answers, files, links and directories.
///
/// Records end at 0x1E, and each is a path, 0x1F and a content. Paths are those of a folder of Fixtures/nodes:
/// `nvidia-smi/QUERY.stdout`, `root/proc/7/stat`; said again, an answer is that of the next call. A first byte tells a
/// link (`@`) and what cannot be read (`!`) or is too long (`?`); a directory ends in a slash.
struct RecordedNode: Sendable {
  enum Entry: Sendable {
    case file([UInt8])
    case link([UInt8])
    case failing, tooLong
  }

  /// Outcomes by query and what comes after it, `query-gpu.stdout`, in the order of the calls.
  private(set) var answers: [String: [[UInt8]]] = [:]
  private(set) var entries: [String: Entry] = [:]
  /// The names in each directory.
  private(set) var directories: [String: Set<[UInt8]>] = [:]
  private(set) var arguments: [String] = []
  private(set) var environment = ["PATH": "/usr/bin"]

  init(_ input: [UInt8]) {
    for record in input.split(separator: 0x1E) {
      let parts = record.split(separator: 0x1F, maxSplits: 1, omittingEmptySubsequences: false)
      add(Array(parts[0]), Array(parts.count > 1 ? parts[1] : []))
    }
  }

  /// Adds one record: its path, and what stands behind 0x1F.
  mutating func add(_ name: [UInt8], _ content: [UInt8]) {
    if name.starts(with: "nvidia-smi/".utf8) {
      answers[Array(name.dropFirst(11)).asText, default: []].append(content)
    } else if name.starts(with: "environment/".utf8) {
      environment[Array(name.dropFirst(12)).asText] = content.asText
    } else if name.elementsEqual("arguments".utf8) {
      arguments = content.split(separator: UInt8(ascii: "\n")).map { Array($0).asText }
    } else {
      let kind = name.first.flatMap { "@!?".utf8.contains($0) ? $0 : nil }
      addEntry(kind == nil ? name : Array(name.dropFirst()), kind, content)
    }
  }

  private mutating func addEntry(_ name: [UInt8], _ kind: UInt8?, _ content: [UInt8]) {
    guard name.starts(with: "root/".utf8) else { return }
    let levels = name.dropFirst(5).split(separator: UInt8(ascii: "/")).map(Array.init)
    if levels.count > 16 { return }
    var path = ""
    for level in levels {
      directories[path, default: []].insert(level)
      path += "/" + level.asText
    }
    switch kind {
    case UInt8(ascii: "@"): entries[path] = .link(content)
    case UInt8(ascii: "!"): entries[path] = .failing
    case UInt8(ascii: "?"): entries[path] = .tooLong
    default:
      if name.last == UInt8(ascii: "/") {
        directories[path, default: []] = directories[path] ?? []
      } else {
        entries[path] = .file(content)
      }
    }
  }

  /// Whether each question has one answer at most, however often it is asked.
  var answersAlike: Bool { answers.values.allSatisfy { $0.count == 1 } }

  /// What the query printed, where it ended by itself and always alike.
  func output(_ query: String) -> [UInt8]? {
    guard answersAlike, case .exited = outcome(query, call: 0).end else { return nil }
    return answers[query + ".stdout"]?.first
  }

  /// How the n-th call of a query went.
  func outcome(_ query: String, call: Int) -> ChildOutcome {
    func part(_ name: String) -> [UInt8]? {
      answers["\(query).\(name)"].flatMap { $0.isEmpty ? nil : $0[min(call, $0.count - 1)] }
    }
    guard let output = part("stdout") ?? part("exit").map({ _ in [] }) else {
      return ChildOutcome(end: .exited(2), standardOutput: Array("Invalid combination of input arguments.\n".utf8))
    }
    return ChildOutcome(end: end(part("exit")), standardOutput: output, standardError: part("stderr") ?? [])
  }

  private func end(_ text: [UInt8]?) -> ChildOutcome.End {
    let words = (text ?? []).asText.split { $0 == " " || $0 == "\n" }
    let number = words.last.flatMap { Int32($0) } ?? 0
    switch words.first {
    case "signal": return .signaled(number)
    case "deadline": return .deadline
    case "abandoned": return .abandoned
    case "long": return .outputLimit
    case "terminated": return .terminated
    case "unstarted": return .notStarted(Errno(rawValue: number))
    default: return .exited(number)
    }
  }
}
