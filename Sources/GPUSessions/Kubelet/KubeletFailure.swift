/// Why something that allocations follow from could not be read, or only in part. Other sources are used all the same.
struct KubeletFailure: Error, Sendable, Equatable {
  enum Cause: Sendable, Equatable {
    case missing
    /// The file, or the document in it, is not whole.
    case torn
    /// The file is whole and written in a form that is not known.
    case otherShape
    case unreadable(Errno)
    /// The file is longer than this many MiB.
    case tooLong(Int)
    /// The cgroup tree does not show the pods.
    case noPods
  }

  /// What could not be read.
  enum Source: Sendable, Equatable {
    case pluginCheckpoint
    case claims
    /// The DRA driver's checkpoint, which has the devices of this many claims.
    case driverCheckpoint(claims: Int)
    case cgroups
  }

  var path: String
  var source: Source
  var cause: Cause

  /// One sentence for a warning, without the final stop: what happened, what it means and, in parentheses, what helps.
  var sentence: String { "\(fact) (\(remedy))" }

  /// What happened and what it means, without a final stop and without parentheses at the end.
  var fact: String { "\(path) \(event): \(loss)" }

  private var event: String {
    switch cause {
    case .missing: "is missing"
    case .torn: "is incomplete or damaged"
    case .otherShape: "has a format that this version does not know"
    case .unreadable(let errno): "could not be read (\(errno.reason))"
    case .tooLong(let limit): "is longer than \(limit) MiB"
    case .noPods: "does not show the node's pods"
    }
  }

  private var loss: String {
    switch source {
    case .pluginCheckpoint: "it is not known which devices of device plugins the pods hold"
    case .claims: "it is not known which pods have resource claims"
    case .driverCheckpoint(1): "the devices of 1 resource claim are not known"
    case .driverCheckpoint(let claims): "the devices of \(claims) resource claims are not known"
    case .cgroups: "only allocations of pods with a session are published"
    }
  }

  /// What to do about it.
  var remedy: String {
    switch cause {
    case .missing where source == .pluginCheckpoint:
      "give the kubelet's directory with --kubelet-root DIR; in a container mount it first, read-only"
    case .missing where source == .claims:
      "see whether the file is there; in a container mount the kubelet's whole directory, read-only"
    case .missing:
      "see whether NVIDIA's DRA driver runs on this node; in a container mount the kubelet's directory"
        + " plugins/gpu.nvidia.com, read-only"
    case .torn where isOfDriver: "restart NVIDIA's DRA driver on this node, and see its log"
    case .torn: "sudo systemctl restart kubelet, and see its log: journalctl -u kubelet"
    case .otherShape:
      "update gpu-sessions; if the newest version does not know it either, report it with the version of \(program)"
    case .unreadable(.permissionDenied), .unreadable(.notPermitted): "run it as root"
    case .unreadable: "look at each part of the path with namei -l"
    case .tooLong: "look at the file: it should have a few MiB at most"
    case .noPods: "mount the node's /sys/fs/cgroup below --host-root, read-only"
    }
  }

  private var isOfDriver: Bool {
    if case .driverCheckpoint = source { true } else { false }
  }

  private var program: String { isOfDriver ? "NVIDIA's DRA driver" : "Kubernetes" }
}
