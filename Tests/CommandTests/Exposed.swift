/// A file in the exposition format.
struct Exposed {
  let text: String

  private var lines: [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  var samples: [String] { lines.filter { !$0.isEmpty && !$0.hasPrefix("#") } }

  func has(_ sample: String) -> Bool { samples.contains(sample) }

  /// The lines of the file, without the values that differ between any two runs: times and durations.
  var withoutClocks: [String] {
    lines.map { line in
      let isClock = ["last_run_timestamp_seconds", "stage_duration_seconds"].contains {
        line.hasPrefix("gpu_session_collector_" + $0)
      }
      return isClock ? String(line[..<(line.lastIndex(of: " ") ?? line.endIndex)]) : line
    }
  }

  /// Whether every line is valid, each family begins with HELP and TYPE, and the last line ends with a newline.
  var isWhole: Bool {
    guard lines.last == "", lines.count > 1, !lines.dropLast().contains("") else { return false }
    var family = ""
    for line in lines.dropLast() {
      let words = line.split(separator: " ").map(String.init)
      if line.hasPrefix("# HELP "), words.count > 3 {
        family = words[2]
      } else if line.hasPrefix("#") {
        if line != "# TYPE \(family) gauge" { return false }
      } else {
        let isOfFamily = line.hasPrefix(family + "{") || line.hasPrefix(family + " ")
        guard isOfFamily, let value = words.last, Double(value) != nil else { return false }
      }
    }
    return samples.contains { $0.hasPrefix("gpu_session_collector_success ") }
  }

  /// Whether the file is valid, reports a failed run, and has only the metrics of the collector itself.
  var isOnlyAboutCollector: Bool {
    isWhole && has("gpu_session_collector_success 0")
      && samples.allSatisfy { $0.hasPrefix("gpu_session_collector_") }
  }
}
