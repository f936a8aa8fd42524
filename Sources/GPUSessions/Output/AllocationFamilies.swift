/// Families about what the kubelet has handed out, beside what is used.
let allocationFamilies: [MetricFamily] = [
  MetricFamily(
    "gpu_allocation_info",
    "A GPU device that the kubelet has handed to a container of a pod that is alive, used or not. The value is"
      + " the number of replicas held, 1 or more. container is empty for a resource claim, which is the pod's.",
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
