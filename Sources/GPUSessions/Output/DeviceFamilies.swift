/// Families with one sample per physical GPU, or per device it offers.
let deviceFamilies: [MetricFamily] =
  [
    MetricFamily(
      "gpu_compute_fraction",
      "Share of the physical GPU's compute slices this device has, 0 to 1. Absent where that number is not known.",
      labels: ["gpu", "gpu_uuid", "gpu_instance_id"], write: writeComputeFractions),
    MetricFamily(
      "gpu_device_readable",
      "Whether the physical GPU and the processes on it could be read, 1 or 0.",
      labels: ["gpu", "uuid", "pci_bus_id"]
    ) { run, out in
      let snapshot = run.snapshot
      let rows =
        snapshot.gpus.map {
          (index: Int?.some($0.index), uuid: $0.uuid, busID: $0.busID, isReadable: $0.isReadable)
        }
        + snapshot.lostGPUs.map { (index: $0.index, uuid: "", busID: $0.busID, isReadable: false) }
      for row in rows.sorted(by: { ($0.index ?? .max, $0.busID) < ($1.index ?? .max, $1.busID) }) {
        let index = row.index.map { "\($0)" } ?? ""
        out.sample([("gpu", index), ("uuid", row.uuid), ("pci_bus_id", row.busID)], row.isReadable ? 1 : 0)
      }
    },
    MetricFamily(
      "gpu_info", "A physical GPU, value 1.",
      labels: ["gpu", "uuid", "name", "pci_bus_id", "driver_version", "mig_mode"]
    ) { run, out in
      for gpu in run.snapshot.gpus {
        out.sample(
          [
            ("gpu", "\(gpu.index)"), ("uuid", gpu.uuid), ("name", gpu.name), ("pci_bus_id", gpu.busID),
            ("driver_version", gpu.driverVersion), ("mig_mode", gpu.migMode.rawValue),
          ], 1)
      }
    },
  ] + readings.map(readingFamily)

/// A family with one reading per physical GPU, as nvidia-smi reports it; absent where it is `nil`.
private struct Reading {
  let name: String
  let help: String
  /// Of the GPU at this position; it is not handed over, for a copy of it costs more than its readings.
  let value: @Sendable (_ gpus: [GPU], _ index: Int) -> Double?

  init(_ name: String, _ help: String, _ value: @escaping @Sendable ([GPU], Int) -> Double?) {
    (self.name, self.help, self.value) = (name, help, value)
  }
}

private let readings: [Reading] = [
  Reading(
    "gpu_memory_total_bytes", "Memory of the physical GPU, bytes.", { $0[$1].memoryTotalBytes.map { Double($0) } }
  ),
  Reading(
    "gpu_memory_unattributed_bytes",
    "Memory in use on the physical GPU that no listed process holds, bytes. Absent where one has no figure.",
    { $0[$1].memoryUnattributedBytes.map { Double($0) } }
  ),
  Reading(
    "gpu_memory_used_bytes", "Memory in use on the physical GPU, bytes.",
    { $0[$1].memoryUsedBytes.map { Double($0) } }
  ),
  Reading("gpu_power_limit_watts", "Power limit of the physical GPU, watts.", { $0[$1].powerLimitWatts }),
  Reading("gpu_power_watts", "Power draw of the physical GPU, watts.", { $0[$1].powerWatts }),
  Reading(
    "gpu_temperature_celsius", "Core temperature of the physical GPU, degrees Celsius.",
    { $0[$1].temperatureCelsius }
  ),
  Reading(
    "gpu_utilization",
    "Share of time a kernel ran on the physical GPU, percent. Absent where the driver reports none (MIG).",
    { $0[$1].utilization }
  ),
]

private func readingFamily(_ reading: Reading) -> MetricFamily {
  MetricFamily(reading.name, reading.help, labels: ["gpu", "uuid"]) { run, out in
    let gpus = run.snapshot.gpus
    for index in gpus.indices {
      if let value = reading.value(gpus, index) { out.sample(closed: run.gpuLabels.closed(index), value) }
    }
  }
}

private func writeComputeFractions(_ run: ExpositionContext, _ out: inout ExpositionWriter) {
  let snapshot = run.snapshot
  let whole = snapshot.gpus.filter { $0.isReadable && $0.migMode != .enabled }
    .map { (device: Device(gpu: $0.index), uuid: $0.uuid, fraction: 1.0) }
  let instances = snapshot.instances.compactMap { instance in
    computeFraction(instance, snapshot, \.computeSlices)
      .map { (device: instance.device, uuid: instance.gpuUUID, fraction: $0) }
  }
  for row in (whole + instances).sorted(by: { $0.device < $1.device }) {
    let gpuInstance = row.device.instance.map { "\($0.gpuInstance)" }
    out.sample(
      [("gpu", row.device.label), ("gpu_uuid", row.uuid), ("gpu_instance_id", gpuInstance)], row.fraction)
  }
}

/// A number of slices over those of the whole product; `nil` where either is not known or they do not fit.
func computeFraction(
  _ instance: MIGInstance, _ snapshot: Snapshot, _ slices: KeyPath<MIGProfile, Int>
) -> Double? {
  guard let profile = instance.profile,
    let gpu = snapshot.gpus.first(where: { $0.uuid == instance.gpuUUID }),
    let total = computeSlices(ofProduct: gpu.name), profile[keyPath: slices] <= total
  else { return nil }
  return Double(profile[keyPath: slices]) / Double(total)
}
