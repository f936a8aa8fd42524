/// One metric family. It is defined once, in the ``catalogue``. All families are gauges.
package struct MetricFamily: Sendable {
  package let name: String
  /// The HELP text: what the value means, its unit, and what an absent sample means. No line break, no backslash.
  package let help: String
  /// Label names in the order written.
  package let labels: [String]
  let samples: Samples

  /// Writes the samples of one run.
  enum Samples: Sendable {
    /// Samples about the run itself: written even if no device could be read.
    case ofRun(@Sendable (Outcome, inout ExpositionWriter) -> Void)
    /// Samples about the node: written only if a device was read.
    case ofNode(@Sendable (ExpositionContext, inout ExpositionWriter) -> Void)
  }

  /// A family about the node, with one sample for each row that has a value.
  init<Row>(
    _ name: String, _ help: String, _ columns: [Column<Row>],
    rows: @escaping @Sendable (ExpositionContext) -> [Row], value: @escaping @Sendable (Row) -> Double?
  ) {
    self.init(
      name, help, columns.map(\.name),
      .ofNode { context, writer in
        let rows = rows(context)
        let span = rows.span
        for index in span.indices {
          if let value = value(span[index]) { writer.sample(columns, of: span[index], value) }
        }
      })
  }

  /// A family about the run, with one sample for each row.
  init<Row>(
    ofRun name: String, _ help: String, _ columns: [Column<Row>], rows: @escaping @Sendable (Outcome) -> [Row],
    value: @escaping @Sendable (Row) -> Double
  ) {
    self.init(
      name, help, columns.map(\.name),
      .ofRun { outcome, writer in
        for row in rows(outcome) { writer.sample(columns, of: row, value(row)) }
      })
  }

  /// A family about the run, with one sample that has no label.
  init(ofRun name: String, _ help: String, value: @escaping @Sendable (Outcome) -> Double) {
    self.init(name, help, [], .ofRun { outcome, writer in writer.sample(value(outcome)) })
  }

  init(_ name: String, _ help: String, _ labels: [String], _ samples: Samples) {
    self.name = name
    self.help = help
    self.labels = labels
    self.samples = samples
  }

  /// Whether the family is about the run itself.
  package var isAboutCollector: Bool {
    if case .ofRun = samples { true } else { false }
  }
}

/// Every family that this program can write, sorted by name. Collector, reference and documentation read this one table.
package let catalogue: [MetricFamily] =
  (allocationFamilies + collectorFamilies + deviceFamilies + instanceFamilies + processFamilies).sorted {
    $0.name < $1.name
  }

/// The label names of all families, none of which `--label` may set.
package var ownLabelNames: Set<String> { Set(catalogue.flatMap(\.labels)) }

/// Writes `gpu_sessions.prom` for one run, piece by piece.
func writeExposition(_ outcome: Outcome, _ options: Options, to write: @escaping ([UInt8]) -> Void) {
  var writer = ExpositionWriter(constantLabels: options.labels, write: write)
  let context = outcome.node.map { ExpositionContext($0, options) }
  for family in catalogue {
    writer.begin(family)
    switch (family.samples, context) {
    case (.ofRun(let write), _): write(outcome, &writer)
    case (.ofNode(let write), let context?): write(context, &writer)
    case (.ofNode, nil): continue
    }
  }
  writer.flush()
}

/// The content of `gpu_sessions.prom` for one run.
package func exposition(_ outcome: Outcome, _ options: Options) -> [UInt8] {
  var bytes: [UInt8] = []
  writeExposition(outcome, options) { bytes += $0 }
  return bytes
}
