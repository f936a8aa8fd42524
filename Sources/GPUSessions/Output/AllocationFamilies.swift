/// What was handed out, beside what is used.
let allocationFamilies: [MetricFamily] = [
  MetricFamily(
    "gpu_allocation_info",
    "A GPU device that the kubelet has handed to a container that is alive, used or not: the number of replicas held,"
      + " 1 or more. container is empty for a resource claim, which is the pod's.",
    labels: ["gpu", "uuid", "resource", "pod", "namespace", "container", "pod_uid"]
  ) { run, out in
    let allocations = run.snapshot.allocations
    var device = DeviceLabels()
    for index in allocations.indices {
      out.open(device.of(allocations, index))
      writeHolder(allocations, index, &out)
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

  /// Those of the allocation at this position; it is not handed over, for a copy of it costs more.
  mutating func of(_ all: [Allocation], _ index: Int) -> ArraySlice<UInt8> {
    if all[index].device != device || all[index].resource != resource || all[index].deviceUUID != uuid {
      (device, uuid, resource) = (all[index].device, all[index].deviceUUID, all[index].resource)
      rendered = []
      rendered.append(label: "gpu", all[index].device.label)
      rendered.append(label: "uuid", uuid ?? "")
      rendered.append(label: "resource", resource)
    }
    return rendered[...]
  }
}

private func writeHolder(_ all: [Allocation], _ index: Int, _ out: inout ExpositionWriter) {
  out.label(.pod, all[index].pod)
  out.label(.namespace, all[index].namespace)
  out.label(.container, all[index].container)
  out.label(.podUID, all[index].podUID)
}

/// The labels that are written most often.
extension LabelOpening {
  static let pod = LabelOpening("pod")
  static let namespace = LabelOpening("namespace")
  static let container = LabelOpening("container")
  static let podUID = LabelOpening("pod_uid")
}
