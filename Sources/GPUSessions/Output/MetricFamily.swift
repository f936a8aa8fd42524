/// One metric family: defined once, in the catalogue. All are gauges.
package struct MetricFamily: Sendable {
  package let name: String
  /// The HELP text: unit, and what an absent sample means. No line break, no backslash.
  package let help: String
  /// Label names in the order written.
  package let labels: [String]
  /// Whether a run that read no device writes it too.
  package let isAboutCollector: Bool
  /// Writes the samples of one run.
  let write: @Sendable (ExpositionContext, inout ExpositionWriter) -> Void

  init(
    _ name: String, _ help: String, labels: [String], isAboutCollector: Bool = false,
    write: @escaping @Sendable (ExpositionContext, inout ExpositionWriter) -> Void
  ) {
    self.name = name
    self.help = help
    self.labels = labels
    self.isAboutCollector = isAboutCollector
    self.write = write
  }
}

/// Every family this program can write, sorted by name: collector, reference and documentation read this one table.
package let catalogue: [MetricFamily] =
  (allocationFamilies + collectorFamilies + deviceFamilies + instanceFamilies + sessionFamilies).sorted {
    $0.name < $1.name
  }

/// Writes `gpu_sessions.prom` for one run, piece by piece; of a failed run only the collector's own families.
func writeExposition(_ snapshot: Snapshot, _ options: Options, to write: @escaping ([UInt8]) -> Void) {
  var exposition = ExpositionWriter(constantLabels: options.labels, write: write)
  let run = ExpositionContext(snapshot, options)
  for family in catalogue where snapshot.failure == nil || family.isAboutCollector {
    exposition.begin(family)
    family.write(run, &exposition)
  }
  exposition.flush()
}

/// The same as one piece.
package func exposition(_ snapshot: Snapshot, _ options: Options) -> [UInt8] {
  var bytes: [UInt8] = []
  writeExposition(snapshot, options) { bytes += $0 }
  return bytes
}

/// Label names of ours, none of which `--label` may set.
package var ownLabelNames: Set<String> { Set(catalogue.flatMap(\.labels)) }
