/// What `nvidia-smi -q -x` tells of MIG: which instances there are and which process runs on which.
package struct SMIDocument {
  package struct GPU {
    package var uuid = ""
    package var isMIGEnabled = false
    package var instances: [Instance] = []
    package var processes: [Process] = []
    fileprivate var known: Set<Process> = []
    /// Whether the process list or the instances are kept from us, or a row of them could not be read.
    package var isForbidden = false
    /// Whether one of them says `Insufficient Permissions`.
    package var saysInsufficientPermissions = false
    /// Whether the element was closed: a cut document loses its last GPU only.
    package var isWhole = false
    package var malformedRows = 0
  }

  /// One `mig_device`.
  package struct Instance: Equatable {
    package var deviceIndex: Int
    package var id: InstanceID
    package var memoryTotalBytes: UInt64?
    package var memoryUsedBytes: UInt64?
  }

  /// One `process_info` with both instance IDs; `nil` on a GPU without MIG.
  package struct Process: Hashable {
    package var instance: InstanceID?
    package var pid: Int32
    package var type: String?
    package var memoryBytes: UInt64?
    package var name: [UInt8]?
  }

  /// GPUs that are whole, in the order of the document.
  package private(set) var gpus: [GPU] = []

  /// Reads a document, whole or cut; never fails.
  package init(_ output: [UInt8]) {
    var scanner = XMLScanner(output)
    var current = GPU()
    var values: [String: ArraySlice<UInt8>] = [:]
    while let element = scanner.next() {
      guard element.path.count >= 2, element.path[1].elementsEqual("gpu".utf8) else { continue }
      if element.path.count == 2 {
        current.isWhole = true
        gpus.append(current)
        current = GPU()
        values = [:]
      } else {
        current.take(element, &values)
      }
    }
  }

  /// The one GPU with this UUID; `nil` if there is none or more than one claims it.
  package func gpu(uuid: String) -> GPU? {
    let matches = gpus.filter { $0.uuid == uuid }
    return matches.count == 1 ? matches.first : nil
  }
}

extension SMIDocument.GPU {
  /// Takes one closed element below `gpu`; `values` gathers the leaves of the row being read.
  fileprivate mutating func take(
    _ element: XMLScanner.Element, _ values: inout [String: ArraySlice<UInt8>]
  ) {
    let names = element.path.dropFirst(2).map(\.text)
    switch names.joined(separator: "/") {
    case "uuid": uuid = Cell(element.text).text
    case "mig_mode/current_mig": isMIGEnabled = Cell(element.text).text == "Enabled"
    case "mig_devices", "processes":
      let cell = Cell(element.text)
      isForbidden = isForbidden || cell.saysUnknownOrForbidden || cell.saysLost
      if cell.saysForbidden { saysInsufficientPermissions = true }
    case "mig_devices/mig_device": finishInstance(&values)
    case "processes/process_info": finishProcess(&values)
    default:
      if names.starts(with: ["mig_devices", "mig_device"]) || names.starts(with: ["processes", "process_info"]) {
        values[names.dropFirst(2).joined(separator: "/")] = element.text
      }
    }
  }

  private mutating func finishInstance(_ values: inout [String: ArraySlice<UInt8>]) {
    defer { values = [:] }
    func cell(_ name: String) -> Cell { Cell(values[name] ?? []) }
    guard let index = cell("index").integer, let id = instanceID(values) else {
      isForbidden = true
      malformedRows += 1
      return
    }
    let instance = SMIDocument.Instance(
      deviceIndex: index, id: id, memoryTotalBytes: cell("fb_memory_usage/total").mebibytes,
      memoryUsedBytes: cell("fb_memory_usage/used").mebibytes)
    // Each is there once; one that is said again in other words, as by a process name made for it, has no place.
    if !instances.contains(where: { $0.id == id }) {
      instances.append(instance)
    } else if !instances.contains(instance) {
      malformedRows += 1
    }
  }

  private mutating func finishProcess(_ values: inout [String: ArraySlice<UInt8>]) {
    defer { values = [:] }
    func cell(_ name: String) -> Cell { Cell(values[name] ?? []) }
    guard let pid = cell("pid").integer.flatMap({ Int32(exactly: $0) }), pid > 0 else {
      if cell("pid").saysForbidden {
        isForbidden = true
        saysInsufficientPermissions = true
      } else {
        malformedRows += 1
      }
      return
    }
    let type = cell("type").text
    let process = SMIDocument.Process(
      instance: instanceID(values), pid: pid, type: type.isEmpty ? nil : type,
      memoryBytes: cell("used_memory").mebibytes,
      name: cell("process_name").value.map { decodingEntities($0) })
    if known.insert(process).inserted { processes.append(process) }
  }

  private func instanceID(_ values: [String: ArraySlice<UInt8>]) -> InstanceID? {
    guard let gi = Cell(values["gpu_instance_id"] ?? []).integer,
      let ci = Cell(values["compute_instance_id"] ?? []).integer
    else { return nil }
    return InstanceID(gpuInstance: gi, computeInstance: ci)
  }
}
