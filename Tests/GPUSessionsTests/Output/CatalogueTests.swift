import GPUSessions
import Testing

@Suite struct CatalogueTests {
  private static let process = "gpu pid command pod namespace container"

  /// Every family with its labels in the order in which they are published. Queries, alerts and dashboards rely on both.
  static let expected = [
    "gpu_process_info": "\(process) status gpu_memory uuid type pod_uid user unit slurm_job_id",
    "gpu_session_count": "gpu", "gpu_total_sessions": "", "gpu_process_utilization": process,
    "gpu_process_memory_utilization": process, "gpu_process_memory_bytes": process,
    "gpu_process_memory_bandwidth_utilization": process, "gpu_process_encoder_utilization": process,
    "gpu_process_decoder_utilization": process, "gpu_process_start_time_seconds": process,
    "gpu_info": "gpu uuid name pci_bus_id driver_version mig_mode compute_mode",
    "gpu_clocks_idle": "gpu uuid", "gpu_recovery_action": "gpu uuid action",
    "gpu_mig_utilization": "gpu uuid gpu_uuid gpu_instance_id",
    "gpu_mig_sm_utilization": "gpu uuid gpu_uuid gpu_instance_id",
    "gpu_mig_memory_bandwidth_utilization": "gpu uuid gpu_uuid gpu_instance_id",
    "gpu_device_readable": "gpu uuid pci_bus_id",
    "gpu_mig_info": "gpu uuid gpu_uuid gpu_instance_id compute_instance_id profile",
    "gpu_compute_fraction": "gpu gpu_uuid gpu_instance_id",
    "gpu_instance_compute_fraction": "gpu_uuid gpu_instance_id", "gpu_utilization": "gpu uuid",
    "gpu_memory_total_bytes": "gpu uuid", "gpu_memory_used_bytes": "gpu uuid",
    "gpu_temperature_celsius": "gpu uuid",
    "gpu_power_watts": "gpu uuid", "gpu_power_limit_watts": "gpu uuid",
    "gpu_mig_memory_total_bytes": "gpu_uuid gpu_instance_id profile",
    "gpu_mig_memory_used_bytes": "gpu_uuid gpu_instance_id profile",
    "gpu_allocation_info": "gpu uuid resource pod namespace container pod_uid",
    "gpu_memory_unattributed_bytes": "gpu uuid", "gpu_process_defunct": "\(process) reason",
    "gpu_session_collector_success": "", "gpu_session_collector_stage_success": "stage",
    "gpu_session_collector_stage_duration_seconds": "stage", "gpu_session_collector_problems": "kind",
    "gpu_session_collector_last_run_timestamp_seconds": "", "gpu_session_collector_build_info": "version",
  ]

  @Test func `the families are all there, and no others`() {
    #expect(catalogue.map(\.name).sorted() == Self.expected.keys.sorted())
  }

  @Test(arguments: expected.keys.sorted()) func `a family has all its labels in their order`(_ name: String) throws
  {
    let family = try #require(catalogue.first { $0.name == name })
    #expect(family.labels.joined(separator: " ") == Self.expected[name])
  }

  @Test func `names are sorted and unique`() {
    #expect(catalogue.map(\.name) == Set(catalogue.map(\.name)).sorted())
  }

  @Test func `names are legal and ours`() {
    for family in catalogue {
      #expect(family.name.hasPrefix("gpu_") && isPlain(family.name), "\(family.name)")
      for label in family.labels {
        #expect(isPlain(label) && !label.hasPrefix("__"), "\(family.name) \(label)")
        #expect(!["job", "instance", "le", "quantile"].contains(label), "\(family.name) \(label)")
      }
      #expect(Set(family.labels).count == family.labels.count, "\(family.name)")
    }
  }

  private func isPlain(_ name: String) -> Bool {
    name.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
      && name.utf8.first.map { !(0x30...0x39).contains($0) } ?? false
  }

  @Test func `help is one line without a backslash`() {
    for family in catalogue {
      #expect(!family.help.isEmpty && family.help.last == ".", "\(family.name)")
      #expect(!family.help.utf8.contains { $0 == 0x0A || $0 == 0x0D || $0 == 0x5C }, "\(family.name)")
    }
    #expect(Set(catalogue.map(\.help)).count == catalogue.count)
  }

  @Test func `only the collector's own families are about the collector`() {
    for family in catalogue {
      #expect(family.isAboutCollector == family.name.hasPrefix("gpu_session_collector_"), "\(family.name)")
    }
  }

  @Test func `units stand at the end of the name`() {
    for family in catalogue where family.help.contains(", bytes") {
      #expect(family.name.hasSuffix("_bytes"), "\(family.name)")
    }
    for family in catalogue where family.help.contains(", percent") {
      #expect(family.name.hasSuffix("_utilization"), "\(family.name)")
    }
  }

  @Test func `every label of a family is reserved`() {
    #expect(
      ownLabelNames.isSuperset(of: ["gpu", "pid", "pod", "kind", "stage", "version", "gpu_uuid", "mig_mode"]))
    #expect(!ownLabelNames.contains("cluster") && !ownLabelNames.contains("node"))
  }
}
