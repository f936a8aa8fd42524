/// One run's result. Data and health are different fields; a failed run has no data.
package struct Snapshot: Sendable {
  /// Sorted by index.
  package var gpus: [GPU] = []
  package var lostGPUs: [LostGPU] = []
  /// Sorted by device; only of GPUs whose MIG state could be read.
  package var instances: [MIGInstance] = []
  /// Sorted by device and PID.
  package var sessions: [Session] = []
  /// Sorted; of devices of this node only.
  package var allocations: [Allocation] = []
  package var problems = ProblemCounts()
  /// Fields that the driver does not know, in the order they were asked for.
  package var unknownFields: [String] = []
  /// Every PID of the list of compute processes, wherever it was placed; in the order listed.
  package var listedPIDs: [Int32] = []
  /// In the order they ran; a stage that does not apply is absent.
  package var stages: [StageResult] = []
  /// Why no device could be read; `nil` on a run that read one.
  package var failure: CollectionFailure?
  /// Wall-clock start of the run, nanoseconds since 1970.
  package var started: Nanoseconds = 0
  /// When the process list was asked for, seconds since 1970 by the node's boot time; `nil` if that is not known.
  package var askedSeconds: Double?
  /// Sentences for stderr, worth a person's attention even on a run that succeeded in part.
  package var warnings: [String] = []
  /// Sentences for the person who asks with --verbose: nothing is wrong.
  package var remarks: [String] = []

  package init() {}

  /// Start of the run in seconds since 1970, to the millisecond.
  package var startedSeconds: Double { Double(started / 1_000_000) / 1000 }

  /// Devices that were read, sorted: whole GPUs and MIG compute instances.
  package var readDevices: [(device: Device, uuid: String?)] {
    var devices: [(device: Device, uuid: String?)] = []
    for gpu in gpus where gpu.isReadable && gpu.migMode != .enabled {
      devices.append((Device(gpu: gpu.index), gpu.uuid))
    }
    for instance in instances { devices.append((instance.device, instance.uuid)) }
    return devices.sorted { $0.device < $1.device }
  }

  /// True only when every device and the processes on it were read.
  package var isComplete: Bool {
    let losses: [Problem] = [
      .deviceRowMalformed, .processRowMalformed, .processRowUnknownGPU, .migUnplaced,
    ]
    return failure == nil && lostGPUs.isEmpty && gpus.allSatisfy(\.isReadable)
      && losses.allSatisfy { problems[$0] == 0 }
  }
}

/// The steps of a run that can fail and be timed each on its own.
package enum Stage: String, Sendable, CaseIterable {
  case devices, processes, utilization, mig, attribution, allocations
}

/// How one stage went.
package struct StageResult: Sendable, Equatable {
  package var stage: Stage
  package var isSuccess: Bool
  package var duration: Nanoseconds
}
