/// What `nvidia-smi -q -x` says of MIG: which instances there are and which process runs on which.
package struct MIGDocument {
  /// One `gpu`.
  package struct GPU {
    package var uuid = ""
    package var isMIGEnabled = false
    /// Each instance once, in the order of the document.
    package fileprivate(set) var instances: [Instance] = []
    /// The processes in the order of the document, equal ones once.
    package fileprivate(set) var processes: [Process] = []
    /// Why the instances or processes are not all there; `nil` if they are.
    ///
    /// `.forbidden` if nvidia-smi says `Insufficient Permissions` in place of a list or of a PID, `.instances` if it has
    /// another phrase in place of a list, or if an instance has no numbers.
    package fileprivate(set) var unreadableReason: GPUSessions.GPU.UnreadableReason?
    /// Number of instances and processes without their numbers, and of instances that contradict an earlier one.
    package fileprivate(set) var malformedRows = 0
  }

  /// One `mig_device`.
  package struct Instance: Equatable {
    package var deviceIndex: Int
    package var id: InstanceID
    package var memoryTotalBytes: UInt64?
    package var memoryUsedBytes: UInt64?
  }

  /// One `process_info`.
  package struct Process: Hashable {
    /// The instance that it runs on; `nil` on a GPU without MIG.
    package var instance: InstanceID?
    package var pid: Int32
    package var type: String?
    package var memoryBytes: UInt64?
    package var name: [UInt8]?
  }

  /// The GPUs whose element was closed, in the order of the document: one that is cut short lacks its last GPU.
  package private(set) var gpus: [GPU] = []

  /// Reads a document, whole or cut short; never fails.
  package init(_ output: [UInt8]) {
    var scanner = XMLScanner(output)
    var reader = GPUReader()
    while let element = scanner.next() {
      guard element.path.count >= 2, element.path[1].equals("gpu") else { continue }
      if element.path.count == 2 {
        gpus.append(reader.gpu)
        reader = GPUReader()
      } else {
        reader.take(element.path.dropFirst(2).map(\.text).joined(separator: "/"), SMIValue(element.text))
      }
    }
  }

  /// Returns the GPU with this UUID; `nil` if there is none or more than one.
  package func gpu(uuid: String) -> GPU? {
    let matches = gpus.filter { $0.uuid == uuid }
    return matches.count == 1 ? matches.first : nil
  }
}

/// Reads the elements of one `gpu` as they close.
private struct GPUReader {
  private(set) var gpu = MIGDocument.GPU()
  /// The leaves of the row that is not closed yet, by their path below `gpu`; of two with one path the last one.
  private var leaves: [String: SMIValue] = [:]
  private var instances: [InstanceID: MIGDocument.Instance] = [:]
  private var processes: Set<MIGDocument.Process> = []

  /// Takes the element with this path below `gpu`.
  mutating func take(_ path: String, _ value: SMIValue) {
    switch path {
    case "uuid": gpu.uuid = value.text
    case "mig_mode/current_mig": gpu.isMIGEnabled = value.text == "Enabled"
    case "mig_devices", "processes": takePhrase(value)
    case "mig_devices/mig_device":
      addInstance(Row(path: path, leaves: leaves))
      leaves = [:]
    case "processes/process_info":
      addProcess(Row(path: path, leaves: leaves))
      leaves = [:]
    default: leaves[path] = value
    }
  }

  /// Takes the phrase in place of a list's rows. There is none, and the value is empty, where the list has rows.
  private mutating func takePhrase(_ value: SMIValue) {
    switch value.absence {
    case .insufficientPermissions: gpu.unreadableReason = .forbidden
    case .unknownError, .lostGPU: gpu.unreadableReason = gpu.unreadableReason ?? .instances
    case .notAvailable, nil: break
    }
  }

  private mutating func addInstance(_ row: Row) {
    guard let index = row["index"].integer, let id = row.instanceID else {
      gpu.unreadableReason = gpu.unreadableReason ?? .instances
      gpu.malformedRows += 1
      return
    }
    let instance = MIGDocument.Instance(
      deviceIndex: index, id: id, memoryTotalBytes: row["fb_memory_usage/total"].mebibytes,
      memoryUsedBytes: row["fb_memory_usage/used"].mebibytes)
    if let known = instances[id] {
      // A process name can forge an instance; the first one, which stands before all names, is believed.
      if known != instance { gpu.malformedRows += 1 }
    } else {
      instances[id] = instance
      gpu.instances.append(instance)
    }
  }

  private mutating func addProcess(_ row: Row) {
    guard let pid = row["pid"].pid else {
      if row["pid"].absence == .insufficientPermissions {
        gpu.unreadableReason = .forbidden
      } else {
        gpu.malformedRows += 1
      }
      return
    }
    let process = MIGDocument.Process(
      instance: row.instanceID, pid: pid, type: row["type"].value?.text,
      memoryBytes: row["used_memory"].mebibytes, name: row["process_name"].value.map { decodingEntities($0) })
    if processes.insert(process).inserted { gpu.processes.append(process) }
  }
}

/// One `mig_device` or `process_info`.
private struct Row {
  /// Its path below `gpu`.
  let path: String
  /// Leaves by their path below `gpu`.
  let leaves: [String: SMIValue]

  /// The value at this path below the row; an absent value if there is none.
  subscript(leaf: String) -> SMIValue { leaves[path + "/" + leaf] ?? SMIValue([]) }

  /// `nil` without one of the two IDs.
  var instanceID: InstanceID? {
    guard let gpuInstance = self["gpu_instance_id"].integer,
      let computeInstance = self["compute_instance_id"].integer
    else { return nil }
    return InstanceID(gpuInstance: gpuInstance, computeInstance: computeInstance)
  }
}
