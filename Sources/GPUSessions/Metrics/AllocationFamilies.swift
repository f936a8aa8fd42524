/// What was handed out, beside what is used.
let allocationFamilies: [MetricFamily] = [
  MetricFamily(
    "gpu_allocation_info",
    "A GPU device that the kubelet has handed to a container that is alive, used or not: the number of replicas held,"
      + " 1 or more. container is empty for a resource claim, which is the pod's.",
    labels: ["gpu", "uuid", "resource", "pod", "namespace", "container", "pod_uid"]
  ) { snapshot, _, out in
    for allocation in snapshot.allocations {
      out.sample(
        [
          ("gpu", allocation.device.label), ("uuid", allocation.deviceUUID ?? ""),
          ("resource", allocation.resource), ("pod", allocation.pod), ("namespace", allocation.namespace),
          ("container", allocation.container), ("pod_uid", allocation.podUID),
        ], Double(allocation.replicas))
    }
  }
]
