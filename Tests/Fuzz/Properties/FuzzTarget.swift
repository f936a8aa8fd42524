/// Something that is fed with arbitrary bytes, and what must hold of it whatever they are.
///
/// The properties know nothing of libFuzzer: the driver and the tests ask the same ones.
package struct FuzzTarget: Sendable {
  /// Also the name of its corpus.
  package let name: String
  private let check: @Sendable (_ input: [UInt8], _ findings: inout Findings) -> Void

  init(_ name: String, _ check: @escaping @Sendable (_ input: [UInt8], _ findings: inout Findings) -> Void) {
    self.name = name
    self.check = check
  }

  /// What does not hold for this input, a sentence each; empty if all is well.
  package func findings(in input: [UInt8]) -> [String] {
    var findings = Findings()
    check(input, &findings)
    return findings.sentences
  }

  /// Every parser, what is rendered, and the whole program.
  package static let all =
    smiTargets + [cgroupTarget] + processTargets + [logNamesTarget] + kubeletTargets + runtimeTargets
    + [jsonTarget] + renderTargets + [publishedTarget] + [pipelineTarget, interferenceTarget]
}

/// What was found not to hold.
struct Findings {
  private(set) var sentences: [String] = []

  /// Notes the sentence, which says what must be, unless the condition holds.
  mutating func require(_ condition: Bool, _ sentence: @autoclosure () -> String) {
    if !condition { sentences.append(sentence()) }
  }
}
