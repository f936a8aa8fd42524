/// Families about MIG: one sample per compute instance, or one per GPU instance for what its compute instances share.
let instanceFamilies: [MetricFamily] = [
  MetricFamily(
    "gpu_instance_compute_fraction",
    "Share of the physical GPU's compute slices this MIG GPU instance has, 0 to 1, from its profile.",
    gpuInstanceColumns,
    rows: \.inventory.gpuInstances, value: \.computeFraction),
  MetricFamily(
    "gpu_mig_info", "A MIG compute instance, value 1; gpu_uuid is the physical GPU's.",
    [
      Column("gpu") { $0.device },
      Column("uuid") { $0.uuid ?? "" },
      Column("gpu_uuid") { $0.gpuUUID },
      Column("gpu_instance_id") { $0.gpuInstanceID },
      Column("compute_instance_id") { $0.computeInstanceID },
      Column("profile") { $0.profile?.name ?? "" },
    ],
    rows: \.inventory.instances, value: { _ in 1 }),
  instanceUtilization(
    "gpu_mig_memory_bandwidth_utilization", "Share of the memory bandwidth that was used", { $0.memoryBandwidth }),
  instanceUtilization(
    "gpu_mig_sm_utilization", "Share of the multiprocessors that were busy", { $0.sm }),
  instanceUtilization("gpu_mig_utilization", "Share of time the compute engine was active", { $0.engine }),
  MetricFamily(
    "gpu_mig_memory_total_bytes", "Memory of a MIG GPU instance, shared by its compute instances, bytes.",
    gpuInstanceColumns + [profileColumn],
    rows: \.inventory.gpuInstances, value: { $0.instance.memoryTotalBytes.map { Double($0) } }),
  MetricFamily(
    "gpu_mig_memory_used_bytes", "Memory in use in a MIG GPU instance, bytes.",
    gpuInstanceColumns + [profileColumn],
    rows: \.inventory.gpuInstances, value: { $0.instance.memoryUsedBytes.map { Double($0) } }),
]

/// A family with a sample for each compute instance that has the figure. Only `--mig-utilization` brings figures.
private func instanceUtilization(
  _ name: String, _ help: String, _ figure: @escaping @Sendable (InstanceUtilization) -> Double?
) -> MetricFamily {
  MetricFamily(
    name, help + ", MIG compute instance, percent. Experimental: only with --mig-utilization, Hopper and newer.",
    [
      Column("gpu") { $0.device },
      Column("uuid") { $0.uuid ?? "" },
      Column("gpu_uuid") { $0.gpuUUID },
      Column("gpu_instance_id") { $0.gpuInstanceID },
    ],
    rows: \.inventory.instances, value: { figure($0.utilization) })
}

private let gpuInstanceColumns: [Column<GPUInstance>] = [
  Column("gpu_uuid") { $0.instance.gpuUUID },
  Column("gpu_instance_id") { $0.instance.gpuInstanceID },
]

private let profileColumn = Column<GPUInstance>("profile") { $0.instance.profile?.gpuInstanceName ?? "" }

/// A MIG GPU instance.
private struct GPUInstance: Sendable {
  /// One of its compute instances.
  var instance: MIGInstance
  /// `nil` if the number of the GPU's slices is not known.
  var computeFraction: Double?
}

extension Inventory {
  /// The GPU instances, each with its first compute instance.
  fileprivate var gpuInstances: [GPUInstance] {
    struct Key: Hashable {
      var gpu: Int
      var gpuInstance: Int
    }
    var seen: Set<Key> = []
    return instances.filter { seen.insert(Key(gpu: $0.device.gpu, gpuInstance: $0.gpuInstanceID)).inserted }
      .map { GPUInstance(instance: $0, computeFraction: computeFraction(of: $0, \.gpuInstanceSlices)) }
  }
}
