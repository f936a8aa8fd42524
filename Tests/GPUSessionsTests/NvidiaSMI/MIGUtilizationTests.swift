import Testing

@testable import GPUSessions

@Suite struct MIGUtilizationTests {
  private static let header =
    "# gpu     mig_id      gi_id      ci_id      gract     smutil       dram \n"
    + "# Idx        Idx        Idx        Idx      GPM:%      GPM:%      GPM:% \n"
  private let device = Device(gpu: 0, instance: InstanceID(gpuInstance: 2, computeInstance: 0))

  private func read(_ rows: String..., header: String = header) -> MIGUtilization? {
    MIGUtilization(octets(header + rows.map { $0 + "\n" }.joined()))
  }

  @Test func theLastRowWithFiguresCounts() throws {
    let answer = try #require(
      read(
        "    0          0          2          0          -          -          - ",
        "    0          0          2          0         40         30         20 ",
        "    0          0          2          0         99         97         13 ",
        "    0          0          2          0          -          -          - "))
    #expect(answer.rows == [device: InstanceUtilization(engine: 99, sm: 97, memoryBandwidth: 13)])
    #expect(answer.malformedRows == 0)
  }

  @Test func columnsAreFoundByName() throws {
    let answer = try #require(
      read("0 300 60 - 5 11 0 2", header: "# gpu pwr gtemp mtemp smutil gract ci_id gi_id\n"))
    #expect(answer.rows == [device: InstanceUtilization(engine: 11, sm: 5)])
  }

  @Test func aFigureThatCannotBeIsAbsent() throws {
    let answer = try #require(read("0 0 2 0 1175372905 59 57"))
    #expect(answer.rows == [device: InstanceUtilization(sm: 59, memoryBandwidth: 57)])
  }

  @Test func aRowOfAGPUWithoutMIGIsPassedOver() throws {
    let answer = try #require(read("    0          -          -          -          -          -          - "))
    #expect(answer.rows.isEmpty && answer.malformedRows == 0)
  }

  @Test(arguments: ["0 0 2 0 1 2", "x 0 2 0 1 2 3", "0 0 - 0 1 2 3", "0 0 2 -1 1 2 3", "0 0 2 0 1 2 3 4"])
  func aRowThatCannotBeReadIsCounted(row: String) throws {
    let answer = try #require(read(row, "0 0 2 0 1 2 3"))
    #expect(answer.rows.count == 1 && answer.malformedRows == 1)
  }

  @Test(arguments: [
    "# gpu pwr gtemp mtemp gract smutil dram\n", "# gpu mig_id gi_id ci_id\n", "gpu gi_id ci_id gract\n", "",
    "Invalid combination of input arguments. Please run 'nvidia-smi -h' for help.\n",
  ])
  func withoutTheNamesNothingIsKnown(header: String) {
    #expect(read("0 0 2 0 1 2 3", header: header) == nil)
  }

  private func capture(_ name: String) throws -> [UInt8] {
    let bytes = readBytes("Tests/Captures/h200-580-gpm/\(name)")
    try #require(!bytes.isEmpty, "\(name)")
    return bytes
  }

  @Test func theRecordingsOfAWholeGPUTellNothing() throws {
    for name in ["light.m-plain.txt", "full.m-plain.txt", "full.dm-plain.txt"] {
      let answer = try #require(MIGUtilization(capture(name)))
      #expect(answer.rows.isEmpty && answer.malformedRows == 0, "\(name)")
    }
    #expect(MIGUtilization(try capture("full.248-m.txt")) == nil)
    #expect(MIGUtilization(try capture("full.d-plain.txt")) == nil)
  }
}
