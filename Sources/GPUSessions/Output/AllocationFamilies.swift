/// Families about what the kubelet has handed out, beside what is used.
let allocationFamilies: [MetricFamily] = [
  MetricFamily(
    "gpu_allocation_info",
    "Number of replicas of the GPU device that the kubelet has allocated to a container of a live pod, used or not;"
      + " 1 without sharing. container is empty for a resource claim, which belongs to the whole pod.",
    [
      Column("gpu") { $0.device },
      Column("uuid") { $0.deviceUUID ?? "" },
      Column("resource") { $0.resource },
      Column("pod") { $0.pod },
      Column("namespace") { $0.namespace },
      Column("container") { $0.container },
      Column("pod_uid") { $0.podUID },
    ],
    rows: \.node.allocations, value: { Double($0.replicas) })
]
