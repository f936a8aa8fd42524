/// What was handed out, beside what is used.
let allocationFamilies: [MetricFamily] = [
  MetricFamily(
    "gpu_allocation_info",
    "A GPU device that the kubelet has handed to a container that is alive, used or not: the number of replicas held,"
      + " 1 or more. container is empty for a resource claim, which is the pod's.",
    labels: ["gpu", "uuid", "resource", "pod", "namespace", "container", "pod_uid"]
  ) { run, out in
    let allocations = run.snapshot.allocations.span
    var device = DeviceLabels()
    for index in allocations.indices {
      out.open(device.of(allocations[index]))
      writeHolder(allocations[index], &out)
      out.close(Double(allocations[index].replicas))
    }
  }
]

/// Labels that one allocation has as the one before: device after device they are in order.
private struct DeviceLabels {
  private var device: Device?
  private var uuid: String?
  private var resource = ""
  private var rendered: [UInt8] = []

  mutating func of(_ allocation: borrowing Allocation) -> ArraySlice<UInt8> {
    if allocation.device != device || allocation.resource != resource || allocation.deviceUUID != uuid {
      (device, uuid, resource) = (allocation.device, allocation.deviceUUID, allocation.resource)
      rendered = []
      rendered.append(label: "gpu", allocation.device.label)
      rendered.append(label: "uuid", allocation.deviceUUID ?? "")
      rendered.append(label: "resource", allocation.resource)
    }
    return rendered[...]
  }
}

private func writeHolder(_ allocation: borrowing Allocation, _ out: inout Exposition) {
  out.label(.pod, allocation.pod)
  out.label(.namespace, allocation.namespace)
  out.label(.container, allocation.container)
  out.label(.podUID, allocation.podUID)
}

/// The labels that are written most often.
extension LabelOpening {
  static let pod = LabelOpening("pod")
  static let namespace = LabelOpening("namespace")
  static let container = LabelOpening("container")
  static let podUID = LabelOpening("pod_uid")
}
