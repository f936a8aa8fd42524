/// Families of MIG: per compute instance, and once per GPU instance where its compute instances share something.
let instanceFamilies: [MetricFamily] = [
  MetricFamily(
    "gpu_instance_compute_fraction",
    "Share of the physical GPU's compute slices this MIG GPU instance has, 0 to 1, from its profile.",
    labels: ["gpu_uuid", "gpu_instance_id"]
  ) { run, out in
    for instance in gpuInstances(run.snapshot) {
      guard let fraction = computeFraction(instance, run.snapshot, \.gpuInstanceSlices) else { continue }
      out.sample(
        [("gpu_uuid", instance.gpuUUID), ("gpu_instance_id", "\(instance.gpuInstanceID)")], fraction)
    }
  },
  MetricFamily(
    "gpu_mig_info", "A MIG compute instance, value 1; gpu_uuid is the physical GPU's.",
    labels: ["gpu", "uuid", "gpu_uuid", "gpu_instance_id", "compute_instance_id", "profile"]
  ) { run, out in
    for instance in run.snapshot.instances {
      out.sample(
        [
          ("gpu", instance.device.label), ("uuid", instance.uuid ?? ""), ("gpu_uuid", instance.gpuUUID),
          ("gpu_instance_id", "\(instance.gpuInstanceID)"),
          ("compute_instance_id", "\(instance.computeInstanceID)"), ("profile", instance.profile?.name ?? ""),
        ], 1)
    }
  },
  memoryFamily(
    "gpu_mig_memory_total_bytes", "Memory of a MIG GPU instance, shared by its compute instances, bytes."
  ) { $0.memoryTotalBytes },
  memoryFamily(
    "gpu_mig_memory_used_bytes", "Memory in use in a MIG GPU instance, bytes."
  ) { $0.memoryUsedBytes },
]

private func memoryFamily(
  _ name: String, _ help: String, _ bytes: @escaping @Sendable (MIGInstance) -> UInt64?
) -> MetricFamily {
  MetricFamily(name, help, labels: ["gpu_uuid", "gpu_instance_id", "profile"]) { run, out in
    for instance in gpuInstances(run.snapshot) {
      guard let value = bytes(instance) else { continue }
      out.sample(
        [
          ("gpu_uuid", instance.gpuUUID), ("gpu_instance_id", "\(instance.gpuInstanceID)"),
          ("profile", instance.profile?.gpuInstanceName ?? ""),
        ], Double(value))
    }
  }
}

/// One compute instance of each GPU instance, in order: what they share is written once.
private func gpuInstances(_ snapshot: Snapshot) -> [MIGInstance] {
  var seen: Set<Device> = []
  return snapshot.instances.filter { instance in
    seen.insert(
      Device(
        gpu: instance.device.gpu, instance: InstanceID(gpuInstance: instance.gpuInstanceID, computeInstance: 0))
    ).inserted
  }
}
