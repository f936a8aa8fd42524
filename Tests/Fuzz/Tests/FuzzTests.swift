import FuzzProperties
import GPUSessions
import Glibc
import NodeHost
import Testing

/// What libFuzzer is given holds here without libFuzzer: for every input of the corpus, for those that failed once, and
/// for each with a few bytes changed, always the same way.
@Suite struct FuzzTests {
  /// Mutations of one target's corpus.
  private static let rounds = ["pipeline": 60]
  private static let corpus = Result { try Corpus() }

  @Test(arguments: FuzzTarget.all.map(\.name)) func `holds for the corpus and what is like it`(_ name: String)
    throws
  {
    let target = try #require(FuzzTarget.all.first { $0.name == name })
    let inputs = try Self.corpus.get().inputs(of: name)
    #expect(!inputs.isEmpty)
    for input in [[]] + inputs { expect(target, input) }
    var random = LinearCongruential(state: 7)
    for round in 0..<(Self.rounds[name] ?? 300) {
      expect(target, random.mutated(inputs[round % inputs.count]))
    }
  }

  private func expect(_ target: FuzzTarget, _ input: [UInt8]) {
    let findings = target.findings(in: input)
    #expect(
      findings.isEmpty,
      "\(target.name): \(input.prefix(2_000).map { String(decoding: [$0], as: UTF8.self) }.joined())")
  }
}

/// The inputs that Tests/Fuzz/corpus.py writes.
private struct Corpus {
  private let folder: String

  init() throws {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4)
    let repository = parts.joined(separator: "/")
    folder = repository + "/.build/fuzz/corpus-of-tests"
    let host = Host.live
    let outcome = host.spawn(
      [
        ChildCommand(
          executable: "/usr/bin/env", arguments: ["python3", repository + "/Tests/Fuzz/corpus.py", folder],
          outputLimit: 65_536)
      ], host.now() + 120 * Nanoseconds.perSecond)
    try #require(outcome.first?.end == .exited(0), "\(outcome)")
  }

  /// In the order of their names.
  func inputs(of target: String) -> [[UInt8]] {
    guard case .entries(let names) = Host.live.listDirectory("\(folder)/\(target)") else { return [] }
    return names.map { String(decoding: $0, as: UTF8.self) }.sorted().compactMap { name in
      if case .bytes(let bytes) = Host.live.readFile("\(folder)/\(target)/\(name)", 1 << 20) { bytes } else { nil }
    }
  }
}
