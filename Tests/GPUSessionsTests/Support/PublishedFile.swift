import GPUSessions

/// The lines of one published file.
struct PublishedFile {
  let text: String

  init(_ bytes: [UInt8]) { text = String(decoding: bytes, as: UTF8.self) }

  /// Lines with a value, in their order.
  var samples: [String] {
    text.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }
  }

  /// Samples of one family, without the family's name.
  func rows(_ family: String) -> [String] {
    samples.filter { $0.hasPrefix(family + "{") || $0.hasPrefix(family + " ") }
      .map { String($0.dropFirst(family.utf8.count)) }
  }

  /// Value of the one sample with this name and these labels; `nil` if there is none.
  func value(_ sample: String) -> String? {
    samples.first { $0.hasPrefix(sample + " ") }.map { String($0.dropFirst(sample.utf8.count + 1)) }
  }

  /// How often one problem was counted.
  func problems(_ kind: String) -> String? {
    value("gpu_session_collector_problems{kind=\"\(kind)\"}")
  }

  func stage(_ stage: String) -> String? {
    value("gpu_session_collector_stage_success{stage=\"\(stage)\"}")
  }

  var success: String? { value("gpu_session_collector_success") }

  /// Whether the file reports a failed run and has only the metrics of the collector itself.
  var isOnlyAboutCollector: Bool {
    !samples.isEmpty && samples.allSatisfy { $0.hasPrefix("gpu_session_collector_") } && success == "0"
  }
}

/// One run of the whole program on a fake node.
struct FakeRun {
  let status: ExitStatus
  let errors: String
  let files: [PublishedFile]

  init(_ node: FakeHost, _ arguments: [String] = []) {
    status = run(arguments, node.host)
    errors = node.errors
    files = node.published.map(\.file)
  }

  /// The last file; empty if there is none.
  var file: PublishedFile { files.last ?? PublishedFile([]) }
}
