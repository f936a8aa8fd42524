/// What a page of metrics says of a run, as far as a run of this process has it from elsewhere.
package struct PublishedRun: Sendable, Equatable {
  /// The version of the collector; `nil` if the page does not say it.
  package var version: String?
  /// Whether every device and the processes on it were read; `nil` if the page does not say it.
  package var isSuccess: Bool?
  /// Whether the page says when the run started.
  package var hasStart: Bool
  /// How often problems came up that this version does not know, by kind.
  package var otherProblems: [String: Int]
}
