/// The utilization of MIG instances: `nvidia-smi dmon` with metrics of the driver's GPU performance monitoring (GPM).
///
/// A line of names, `# gpu     mig_id      gi_id      ci_id      gract     smutil       dram`, a line of units and rows
/// (driver 580). No GPU with MIG on was recorded: rows of an H200 without MIG have dashes in place of IDs and figures.
package struct MIGUtilization {
  /// The options are known from driver 550 on. The first two of the three samples, a second apart, have no figures.
  static let arguments = ["dmon", "-s", "p", "--gpm-metrics", "1,2,10", "--gpm-options", "m", "-c", "3"]

  /// The last row of each instance that has a figure.
  package private(set) var rows: [Device: InstanceUtilization] = [:]
  /// Number of lines below the header that are no rows.
  package private(set) var malformedRows = 0

  /// Reads one output; `nil` if it has no header with the IDs and a figure, which means that nothing is known.
  package init?(_ output: [UInt8]) {
    var columns: Columns?
    for line in output.lines() where !line.trimmed.isEmpty {
      if line.first == UInt8(ascii: "#") {
        // dmon repeats the header after some rows. Only the first one is read.
        if columns == nil { columns = Columns(header: words(line.dropFirst())) }
      } else if let columns, !add(words(line), columns), SMIDiagnostic(line) == nil {
        malformedRows += 1
      }
    }
    if columns == nil { return nil }
  }

  /// Adds a row; `false` if the words are none.
  private mutating func add(_ words: Words, _ columns: Columns) -> Bool {
    guard words.count == columns.count, let gpu = SMIValue(word: words[columns.gpu]).integer else { return false }
    let (first, second) = (
      SMIValue(word: words[columns.gpuInstance]), SMIValue(word: words[columns.computeInstance])
    )
    // A GPU without MIG has a row without IDs.
    if first.absence != nil, second.absence != nil { return true }
    guard let gpuInstance = first.integer, let computeInstance = second.integer else { return false }
    let figures = columns.figures(words)
    if !figures.isEmpty {
      rows[Device(gpu: gpu, instance: InstanceID(gpuInstance: gpuInstance, computeInstance: computeInstance))] =
        figures
    }
    return true
  }

  /// Where the header has the columns. Their order depends on the options.
  private struct Columns {
    let gpu, gpuInstance, computeInstance: Int
    private let engine, sm, memoryBandwidth: Int?
    let count: Int

    /// Reads the words of a header without its `#`; `nil` if a column that is needed is missing.
    init?(header words: Words) {
      let names = words.map(\.text)
      guard let gpu = names.firstIndex(of: "gpu"), let gpuInstance = names.firstIndex(of: "gi_id"),
        let computeInstance = names.firstIndex(of: "ci_id")
      else { return nil }
      (self.gpu, self.gpuInstance, self.computeInstance) = (gpu, gpuInstance, computeInstance)
      engine = names.firstIndex(of: "gract")
      sm = names.firstIndex(of: "smutil")
      memoryBandwidth = names.firstIndex(of: "dram")
      count = names.count
      if engine == nil, sm == nil, memoryBandwidth == nil { return nil }
    }

    /// Figures outside of 0 to 100 are left out: an H200 once printed 1175372905 (driver 580).
    func figures(_ words: Words) -> InstanceUtilization {
      func percent(_ column: Int?) -> Double? { column.flatMap { SMIValue(word: words[$0]).percent } }
      return InstanceUtilization(
        engine: percent(engine), sm: percent(sm), memoryBandwidth: percent(memoryBandwidth))
    }
  }
}
