import GPUSessions
import Testing

/// The parsers of `check`, which reads what others have written.
@Suite struct CheckParsersTests {
  @Test func `no input traps`() {
    var random = LinearCongruential(state: 7)
    let seed = Array("# HELP a b\n# TYPE a gauge\na{b=\"c\\\"\",d=\"\\n\"} 1.5\nx 2\n".utf8)
    for _ in 0..<20_000 {
      let bytes = random.mutated(seed)
      _ = try? ExpositionFile(bytes)
      _ = ExpositionFile.families(in: bytes)
      _ = NodeExporterArguments(bytes)
      _ = MountTable(bytes).mount(of: "/a/b")
    }
  }
}
