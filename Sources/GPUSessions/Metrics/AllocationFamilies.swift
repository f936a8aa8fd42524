/// What was handed out, beside what is used.
let allocationFamilies: [MetricFamily] = [
  MetricFamily(
    "gpu_allocation_info",
    "A GPU device that the kubelet has handed to a container that is alive, used or not: the number of replicas held,"
      + " 1 or more. container is empty for a resource claim, which is the pod's.",
    labels: ["gpu", "uuid", "resource", "pod", "namespace", "container", "pod_uid"]
  ) { run, out in
    let allocations = run.snapshot.allocations.span
    for index in allocations.indices {
      out.open()
      writeLabels(allocations[index], &out)
      out.close(Double(allocations[index].replicas))
    }
  }
]

private func writeLabels(_ allocation: borrowing Allocation, _ out: inout Exposition) {
  out.label(.gpu, allocation.device.label)
  out.label(.uuid, allocation.deviceUUID ?? "")
  out.label(.resource, allocation.resource)
  out.label(.pod, allocation.pod)
  out.label(.namespace, allocation.namespace)
  out.label(.container, allocation.container)
  out.label(.podUID, allocation.podUID)
}

/// The labels that are written most often.
extension LabelOpening {
  static let gpu = LabelOpening("gpu")
  static let uuid = LabelOpening("uuid")
  static let resource = LabelOpening("resource")
  static let pod = LabelOpening("pod")
  static let namespace = LabelOpening("namespace")
  static let container = LabelOpening("container")
  static let podUID = LabelOpening("pod_uid")
}
