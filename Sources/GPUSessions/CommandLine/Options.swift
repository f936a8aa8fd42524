/// What one run was asked to do, after defaults, environment and command line.
package struct Options: Sendable, Equatable {
  /// How much goes to stderr.
  package enum Verbosity: Sendable { case quiet, normal, verbose }

  /// Where to publish; `-` is standard output.
  package var output = "/var/lib/node_exporter/textfile_collector/gpu_sessions.prom"
  /// `nil`: look it up.
  package var nvidiaSMI: String?
  /// Deadline of all nvidia-smi work of one collection.
  package var timeout: Nanoseconds = 45 * second
  package var hostRoot = "/"
  /// `nil`: below `hostRoot`.
  package var procOverride: String?
  /// `nil`: below `hostRoot`.
  package var kubeletRootOverride: String?
  /// Constant labels of every sample, in the order given.
  package var labels: [Label] = []
  package var hasMemoryLabel = true
  package var hasUserLabel = true
  package var interval: Nanoseconds?
  package var duration: Nanoseconds?
  package var verbosity = Verbosity.normal
  /// `show`: one JSON object in place of the table.
  package var isJSON = false
  /// `metrics` and `help`: what to print it as; `nil`: the command's default.
  package var format: String?

  package static let second: Nanoseconds = 1_000_000_000

  package init() {}

  /// The procfs that is read.
  package var proc: String { procOverride ?? nodePath("/proc") }

  /// The kubelet's directory.
  package var kubeletRoot: String { kubeletRootOverride ?? nodePath("/var/lib/kubelet") }

  /// Where the node's cgroup file system is mounted.
  package var cgroupRoot: String { nodePath("/sys/fs/cgroup") }

  /// A path of the node, below the host root.
  package func nodePath(_ path: String) -> String {
    var root = hostRoot[...].utf8
    while root.last == UInt8(ascii: "/") { root = root.dropLast() }
    return (String(root) ?? hostRoot) + path
  }

  /// The deadline of one collection: below the interval, so that a tick can end before the next.
  package var collectionTimeout: Nanoseconds {
    guard let interval else { return timeout }
    return min(timeout, interval / 10 * 9)
  }
}

/// One label of a sample.
package struct Label: Sendable, Equatable {
  package var name: String
  package var value: String

  package init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}
