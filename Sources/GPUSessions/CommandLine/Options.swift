/// The options of one run: the command line's, or else the environment's, or else the defaults.
package struct Options: Sendable, Equatable {
  /// How much is written to standard error.
  package enum Verbosity: Sendable { case quiet, normal, verbose }

  /// The published file; `-` is standard output.
  package var output = "/var/lib/node_exporter/textfile_collector/gpu_sessions.prom"
  /// The path of nvidia-smi; `nil` to search for it.
  package var nvidiaSMI: String?
  /// The time limit of all nvidia-smi queries of one collection, in nanoseconds.
  package var timeout: Nanoseconds = 45 * .perSecond
  /// The directory where the node's root is mounted.
  package var hostRoot = "/"
  /// The node's procfs; `nil` for `/proc` below ``hostRoot``.
  package var procOverride: String?
  /// The kubelet's directory; `nil` for `/var/lib/kubelet` below ``hostRoot``.
  package var kubeletRootOverride: String?
  /// Labels that every sample gets, in the order given.
  package var labels: [Label] = []
  /// Whether `gpu_process_info` has the label `gpu_memory`.
  package var hasMemoryLabel = true
  /// Whether users are looked up and published.
  package var hasUserLabel = true
  /// Whether dmon is asked for the utilization of MIG instances.
  package var hasMIGUtilization = false
  /// Time between the starts of two runs, in nanoseconds; `nil` for a single run.
  package var interval: Nanoseconds?
  /// Time after which repeated runs stop, in nanoseconds; `nil` for no end.
  package var duration: Nanoseconds?
  package var verbosity = Verbosity.normal
  /// Whether errors and warnings that the run before has said too are left out.
  package var saysOnlyChanges = false
  /// Whether `show` and `check` print one JSON object instead of text.
  package var isJSON = false
  /// The file of published metrics that `show` draws; `-` is standard input, `nil` is a collection on this node.
  package var from: String?
  /// What `show` shows.
  package var filter = ShowFilter()
  /// The order of sessions in `show`; `nil` for the order of their PIDs.
  package var order: SessionOrder?
  /// The output format of `metrics` and `help`; `nil` for the default of the command.
  package var format: String?

  package init() {}

  /// The path of the node's procfs.
  package var proc: String { procOverride ?? nodePath("/proc") }

  /// The path of the kubelet's directory.
  package var kubeletRoot: String { kubeletRootOverride ?? nodePath("/var/lib/kubelet") }

  /// The path where the node's cgroup file system is mounted.
  package var cgroupRoot: String { nodePath("/sys/fs/cgroup") }

  /// Returns the path that a path of the node has here: ``hostRoot`` is put in front.
  package func nodePath(_ path: String) -> String {
    var root = hostRoot[...].utf8
    while root.last == UInt8(ascii: "/") { root = root.dropLast() }
    return (String(root) ?? hostRoot) + path
  }

  /// The time limit of one collection: at most nine tenths of the interval, so that a run ends before the next begins.
  package var collectionTimeout: Nanoseconds {
    guard let interval else { return timeout }
    return min(timeout, interval / 10 * 9)
  }

  /// How long one collection may take, the files that it reads included. 3 s more than its queries, which is far more than
  /// the files of any node take.
  package var collectionLimit: Nanoseconds { collectionTimeout + 3 * .perSecond }

  /// How long one run may take, publication included. After a collection that took all of its time there are 6 s left to
  /// publish, of which another run may hold the lock for 5.
  package var runLimit: Nanoseconds { collectionLimit + 6 * .perSecond }
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
