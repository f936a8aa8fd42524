import Testing

@testable import GPUSessions

@Suite struct PublishedFamilyTests {
  @Test func `each family is read, or follows from those that are`() {
    let read = Set(deviceReaders.keys).union(processReaders.keys).union(runReaders.keys)
    #expect(read.union(derivedFamilies) == Set(catalogue.map(\.name)) && read.isDisjoint(with: derivedFamilies))
    #expect(publishedFamilies.count == catalogue.count)
  }

  @Test func `names that other exporters may have do not tell our pages`() {
    let shared = publishedFamilies.filter { !$0.value.isOnlyOurs }.keys.sorted()
    #expect(
      shared == [
        "gpu_allocation_info", "gpu_clocks_idle", "gpu_compute_fraction", "gpu_info",
        "gpu_instance_compute_fraction",
        "gpu_memory_total_bytes", "gpu_memory_unattributed_bytes", "gpu_memory_used_bytes", "gpu_mig_info",
        "gpu_mig_memory_bandwidth_utilization", "gpu_mig_memory_total_bytes", "gpu_mig_memory_used_bytes",
        "gpu_mig_sm_utilization", "gpu_mig_utilization", "gpu_power_limit_watts", "gpu_power_watts",
        "gpu_recovery_action", "gpu_temperature_celsius", "gpu_utilization",
      ])
  }
}
