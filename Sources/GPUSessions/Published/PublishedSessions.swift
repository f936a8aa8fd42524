extension NodeSamples {
  /// The processes that have a `gpu_process_info`, sorted by device and PID.
  func sessions(_ inventory: Inventory) -> [Session] {
    let memory = deviceMemory(inventory)
    var sessions: [Session] = []
    for (key, process) in processes {
      guard let labels = process.labels else { continue }
      sessions.append(session(key, process, OwnLabels(labels, targetLabels), memory[key.device]))
    }
    return sessions.sorted { ($0.device, $0.pid) < ($1.device, $1.pid) }
  }

  private func session(
    _ key: ProcessKey, _ process: Process, _ labels: OwnLabels, _ deviceMemoryBytes: UInt64?
  ) -> Session {
    Session(
      device: key.device, deviceUUID: labels.known("uuid"), pid: key.pid, command: labels["command"],
      type: labels.known("type"), status: Session.Status(rawValue: labels["status"]) ?? .active,
      memoryBytes: process.memoryBytes ?? memoryBytes(labels["gpu_memory"]), deviceMemoryBytes: deviceMemoryBytes,
      utilization: process.utilization, startTimeSeconds: process.startTimeSeconds,
      owner: Owner(
        pod: labels["pod"], namespace: labels["namespace"], container: labels["container"],
        podUID: labels.known("pod_uid").flatMap { PodUID($0) }, unit: labels.known("unit"),
        slurmJobID: labels.known("slurm_job_id")),
      user: labels.known("user"), defunct: process.defunct)
  }

  /// The memory of every device, of an instance that of its GPU instance.
  private func deviceMemory(_ inventory: Inventory) -> [Device: UInt64] {
    var memory: [Device: UInt64] = [:]
    for gpu in inventory.gpus { memory[Device(gpu: gpu.index)] = gpu.memoryTotalBytes }
    for instance in inventory.instances { memory[instance.device] = instance.memoryTotalBytes }
    return memory
  }

  /// What the kubelet has handed out, sorted by device, namespace, pod and container.
  var handedOut: [Allocation] {
    allocations.compactMap { sample in
      let labels = OwnLabels(sample.labels, targetLabels)
      guard let device = sample.labels.device, let podUID = PodUID(labels["pod_uid"]),
        let replicas = Int(exactly: sample.value)
      else { return nil }
      return Allocation(
        device: device, deviceUUID: labels.known("uuid"), resource: labels["resource"], pod: labels["pod"],
        namespace: labels["namespace"], container: labels["container"], podUID: podUID, replicas: replicas)
    }.sorted { left, right in
      if left.device != right.device { return left.device < right.device }
      return (left.namespace, left.pod, left.podUID.text, left.container, left.resource)
        < (right.namespace, right.pod, right.podUID.text, right.container, right.resource)
    }
  }
}

/// Reads the label `gpu_memory`, `1024MiB`; `nil` if it says nothing.
private func memoryBytes(_ label: String) -> UInt64? {
  let bytes = Array(label.utf8)[...]
  guard bytes.ends(with: "MiB"), let number = bytes.dropLast(3).decimal, number < 1 << 43 else { return nil }
  return number << 20
}

/// The labels of a process or an allocation without those that are the target's.
///
/// Under kube-prometheus-stack node-exporter is a pod, and every sample has the labels `pod`, `namespace` and `container`
/// of it; ours are then `exported_pod` and so on, as far as they are not empty. With `honorLabels: true` ours win, and
/// an empty one is none. What a target's label says must not be read as the owner of a session.
struct OwnLabels {
  private let labels: PublishedLabels
  private let target: [String: Set<String>]
  /// Whether ours have won over those of the target in this sample.
  private let areHonoured: Bool
  /// Whether `pod` is the target's. A pod of ours has its UID beside it.
  private let isPodOfTarget: Bool

  /// `target` are labels seen in samples whose family does not have them.
  init(_ labels: PublishedLabels, _ target: [String: Set<String>]) {
    (self.labels, self.target) = (labels, target)
    areHonoured = target["pod"].map { !$0.contains(labels.plain("pod") ?? "") } ?? false
    isPodOfTarget =
      labels["pod_uid"].isEmpty && labels.renamed("pod") == nil && labels.plain("pod")?.isEmpty == false
  }

  /// The value; empty if there is none.
  subscript(name: String) -> String {
    if let renamed = labels.renamed(name) { return renamed }
    guard let plain = labels.plain(name) else { return "" }
    if isPodOfTarget, ["pod", "namespace", "container"].contains(name) { return "" }
    guard target[name]?.contains(plain) == true else { return plain }
    // Of these three we always have a label, also an empty one, so that Prometheus fills in none of the target.
    return areHonoured && ["pod", "namespace", "container"].contains(name) ? plain : ""
  }

  /// The value; `nil` if there is none.
  func known(_ name: String) -> String? {
    let value = self[name]
    return value.isEmpty ? nil : value
  }
}
