/// Families about physical GPUs, and about the devices that they offer.
let deviceFamilies: [MetricFamily] = [
  MetricFamily(
    "gpu_info", "A physical GPU, value 1.",
    [
      Column("gpu") { $0.index },
      Column("uuid") { $0.uuid },
      Column("name") { $0.name },
      Column("pci_bus_id") { $0.busID },
      Column("driver_version") { $0.driverVersion },
      Column("mig_mode") { $0.migMode.label },
      Column("compute_mode") { $0.computeMode ?? "" },
    ],
    rows: \.inventory.gpus, value: { _ in 1 }),
  MetricFamily(
    "gpu_device_readable", "Whether the physical GPU and the processes on it could be read, 1 or 0.",
    [
      Column("gpu") { $0.index.map { String($0) } ?? "" },
      Column("uuid") { $0.uuid },
      Column("pci_bus_id") { $0.busID },
    ],
    rows: \.inventory.readability, value: { $0.isReadable ? 1 : 0 }),
  gpuGauge(
    "gpu_clocks_idle",
    "1 while the driver keeps the physical GPU's clocks low because nothing runs on it, else 0; 0 does not prove that"
      + " something runs."
  ) { $0.areClocksIdle.map { $0 ? 1 : 0 } },
  MetricFamily(
    "gpu_recovery_action",
    "What the driver says the physical GPU needs before it works again, value 1. The action is None if it needs"
      + " nothing.",
    [
      Column("gpu") { $0.index }, Column("uuid") { $0.uuid }, Column("action") { $0.recoveryAction ?? "" },
    ],
    rows: \.inventory.gpus, value: { $0.recoveryAction == nil ? nil : 1 }),
  MetricFamily(
    "gpu_compute_fraction",
    "Share of the physical GPU's compute slices that this device has, 0 to 1. Absent if either number is not known.",
    [
      Column("gpu") { $0.device },
      Column("gpu_uuid") { $0.gpuUUID },
      Column("gpu_instance_id") { $0.device.instance?.gpuInstance },
    ],
    rows: \.inventory.computeShares, value: \.fraction),
  gpuGauge("gpu_memory_total_bytes", "Memory of the physical GPU, bytes.") {
    $0.memoryTotalBytes.map { Double($0) }
  },
  gpuGauge(
    "gpu_memory_unattributed_bytes",
    "Memory in use on the physical GPU that no listed process holds, bytes. Absent unless all processes on it"
      + " and their memory are known."
  ) { $0.memoryUnattributedBytes.map { Double($0) } },
  gpuGauge("gpu_memory_used_bytes", "Memory in use on the physical GPU, bytes.") {
    $0.memoryUsedBytes.map { Double($0) }
  },
  gpuGauge("gpu_power_limit_watts", "Power limit of the physical GPU, watts.") { $0.powerLimitWatts },
  gpuGauge("gpu_power_watts", "Power draw of the physical GPU, watts.") { $0.powerWatts },
  gpuGauge("gpu_temperature_celsius", "Core temperature of the physical GPU, degrees Celsius.") {
    $0.temperatureCelsius
  },
  gpuGauge(
    "gpu_utilization",
    "Share of time a kernel ran on the physical GPU, percent. Absent where the driver reports none (MIG)."
  ) { $0.utilization },
]

/// A family with a sample for each physical GPU that has the figure, as nvidia-smi reports it.
private func gpuGauge(_ name: String, _ help: String, _ figure: @escaping @Sendable (GPU) -> Double?)
  -> MetricFamily
{
  MetricFamily(
    name, help, [Column("gpu") { $0.index }, Column("uuid") { $0.uuid }], rows: \.inventory.gpus,
    value: figure)
}

extension GPU.MIGMode {
  /// The label `mig_mode`; empty if nvidia-smi does not tell the mode.
  fileprivate var label: String {
    switch self {
    case .enabled: "Enabled"
    case .disabled: "Disabled"
    case .unsupported, .notReported, .unknown: ""
    }
  }
}

extension Inventory {
  /// Whether a GPU could be read. The index and the UUID of a GPU that only a complaint names may not be known.
  fileprivate struct Readability: Sendable {
    var index: Int?
    var uuid: String
    var busID: String
    var isReadable: Bool
  }

  /// All physical GPUs by index, those without an index last, then by bus ID.
  fileprivate var readability: [Readability] {
    let listed = gpus.map {
      Readability(index: $0.index, uuid: $0.uuid, busID: $0.busID, isReadable: $0.isReadable)
    }
    let lost = lostGPUs.map { Readability(index: $0.index, uuid: "", busID: $0.busID, isReadable: false) }
    return (listed + lost).sorted { ($0.index ?? .max, $0.busID) < ($1.index ?? .max, $1.busID) }
  }

  /// The share of its physical GPU that a device has.
  fileprivate struct ComputeShare: Sendable {
    var device: Device
    var gpuUUID: String
    var fraction: Double
  }

  /// The devices whose share is known, sorted.
  fileprivate var computeShares: [ComputeShare] {
    let whole = gpus.filter { $0.isReadable && $0.migMode != .enabled && $0.migMode != .unknown }
      .map { ComputeShare(device: Device(gpu: $0.index), gpuUUID: $0.uuid, fraction: 1) }
    let parts = instances.compactMap { instance in
      computeFraction(of: instance, \.computeSlices)
        .map { ComputeShare(device: instance.device, gpuUUID: instance.gpuUUID, fraction: $0) }
    }
    return (whole + parts).sorted { $0.device < $1.device }
  }

  /// The slices of an instance over those of its whole GPU; `nil` if either is not known, or they do not fit.
  func computeFraction(of instance: MIGInstance, _ slices: KeyPath<MIGProfile, Int>) -> Double? {
    guard let profile = instance.profile, let gpu = gpus.first(where: { $0.uuid == instance.gpuUUID }),
      let total = computeSlices(ofProduct: gpu.name), profile[keyPath: slices] <= total
    else { return nil }
    return Double(profile[keyPath: slices]) / Double(total)
  }
}
