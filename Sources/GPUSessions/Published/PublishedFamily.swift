/// How the samples of one family are read.
struct PublishedFamily: Sendable {
  /// The names of the labels that the family itself has.
  let labels: Set<String>
  /// Whether no other exporter has a family of this name.
  let isOnlyOurs: Bool
  /// Notes what a sample says of its node. Returns `false` if the sample does not have what the family's samples have.
  let take: @Sendable (PublishedSample, NodeSamples) -> Bool
}

/// How each family of the ``catalogue`` is read, by name.
let publishedFamilies: [String: PublishedFamily] = {
  let readers = deviceReaders.merging(processReaders) { $1 }.merging(runReaders) { $1 }
  return Dictionary(
    catalogue.map { family in
      let isOnlyOurs =
        family.isAboutCollector
        || ["gpu_process_", "gpu_session_", "gpu_total_sessions", "gpu_device_readable"].contains(
          where: family.name.hasPrefix)
      // A family without a reader says what follows from others.
      return (
        family.name,
        PublishedFamily(
          labels: Set(family.labels), isOnlyOurs: isOnlyOurs, take: readers[family.name] ?? { _, _ in true })
      )
    }, uniquingKeysWith: { $1 })
}()

/// The families that are not read: what they say follows from other families.
let derivedFamilies: Set<String> = [
  "gpu_compute_fraction", "gpu_instance_compute_fraction", "gpu_process_memory_utilization", "gpu_total_sessions",
]

/// Notes what a sample says of its node.
typealias SampleReader = @Sendable (PublishedSample, NodeSamples) -> Bool
