/// What `nvidia-smi -q -x` tells of MIG: which instances there are and which process runs on which.
package struct MIGDocument {
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
    var row = DocumentRow()
    while let element = scanner.next() {
      guard element.isNamed(1, .gpu) else { continue }
      if element.depth == 2 {
        current.isWhole = true
        gpus.append(current)
        current = GPU()
        row = DocumentRow()
      } else {
        current.take(element, &row)
      }
    }
  }

  /// The one GPU with this UUID; `nil` if there is none or more than one claims it.
  package func gpu(uuid: String) -> GPU? {
    let matches = gpus.filter { $0.uuid == uuid }
    return matches.count == 1 ? matches.first : nil
  }
}

extension MIGDocument.GPU {
  /// Takes one closed element below `gpu`; `row` gathers the leaves of the row being read.
  fileprivate mutating func take(_ element: XMLScanner.Element, _ row: inout DocumentRow) {
    let isInstance = element.isNamed(2, .migDevices)
    let isProcess = element.isNamed(2, .processes)
    let isRow =
      (isInstance && element.isNamed(3, .migDevice)) || (isProcess && element.isNamed(3, .processInfo))
    switch element.depth {
    case 3 where isInstance || isProcess: takeList(SMIValue(element.text))
    case 3 where element.isNamed(2, .uuid): uuid = SMIValue(element.text).text
    case 4 where isRow && isInstance: finishInstance(&row)
    case 4 where isRow: finishProcess(&row)
    case 4 where element.isNamed(2, .migMode) && element.isNamed(3, .currentMIG):
      isMIGEnabled = SMIValue(element.text).raw.equals("Enabled")
    case 5... where isRow: row.take(element)
    default: break
    }
  }

  /// What the list of instances or processes says where it is none.
  private mutating func takeList(_ cell: SMIValue) {
    isForbidden = isForbidden || cell.saysUnknownOrForbidden || cell.saysLost
    if cell.saysForbidden { saysInsufficientPermissions = true }
  }

  private mutating func finishInstance(_ row: inout DocumentRow) {
    defer { row = DocumentRow() }
    guard let index = SMIValue(row.index).integer, let id = row.instance else {
      isForbidden = true
      malformedRows += 1
      return
    }
    let instance = MIGDocument.Instance(
      deviceIndex: index, id: id, memoryTotalBytes: SMIValue(row.memoryTotal).mebibytes,
      memoryUsedBytes: SMIValue(row.memoryUsed).mebibytes)
    // Each is there once; one that is said again in other words, as by a process name made for it, has no place.
    if !instances.contains(where: { $0.id == id }) {
      instances.append(instance)
    } else if !instances.contains(instance) {
      malformedRows += 1
    }
  }

  private mutating func finishProcess(_ row: inout DocumentRow) {
    defer { row = DocumentRow() }
    guard let pid = SMIValue(row.pid).integer.flatMap({ Int32(exactly: $0) }), pid > 0 else {
      if SMIValue(row.pid).saysForbidden {
        isForbidden = true
        saysInsufficientPermissions = true
      } else {
        malformedRows += 1
      }
      return
    }
    let type = SMIValue(row.type).text
    let process = MIGDocument.Process(
      instance: row.instance, pid: pid, type: type.isEmpty ? nil : type,
      memoryBytes: SMIValue(row.processMemory).mebibytes,
      name: SMIValue(row.processName).value.map { decodingEntities($0) })
    if known.insert(process).inserted { processes.append(process) }
  }
}

/// The leaves of one `mig_device` or `process_info`; empty where there is none.
private struct DocumentRow {
  var index, gpuInstance, computeInstance, memoryTotal, memoryUsed: ArraySlice<UInt8>
  var pid, type, processName, processMemory: ArraySlice<UInt8>

  init() {
    (index, gpuInstance, computeInstance, memoryTotal, memoryUsed) = ([], [], [], [], [])
    (pid, type, processName, processMemory) = ([], [], [], [])
  }

  var instance: InstanceID? {
    guard let gi = SMIValue(gpuInstance).integer, let ci = SMIValue(computeInstance).integer else { return nil }
    return InstanceID(gpuInstance: gi, computeInstance: ci)
  }

  /// Takes a leaf; of two in the same place the last one counts.
  mutating func take(_ element: XMLScanner.Element) {
    let text = element.text
    if element.depth == 6, element.isNamed(4, .fbMemoryUsage) {
      if element.isNamed(5, .total) { memoryTotal = text }
      if element.isNamed(5, .used) { memoryUsed = text }
    }
    guard element.depth == 5 else { return }
    if element.isNamed(4, .index) { index = text }
    if element.isNamed(4, .gpuInstanceID) { gpuInstance = text }
    if element.isNamed(4, .computeInstanceID) { computeInstance = text }
    if element.isNamed(4, .pid) { pid = text }
    if element.isNamed(4, .type) { type = text }
    if element.isNamed(4, .processName) { processName = text }
    if element.isNamed(4, .usedMemory) { processMemory = text }
  }
}

extension XMLName {
  fileprivate static let computeInstanceID = XMLName("compute_instance_id")
  fileprivate static let currentMIG = XMLName("current_mig")
  fileprivate static let fbMemoryUsage = XMLName("fb_memory_usage")
  fileprivate static let gpu = XMLName("gpu")
  fileprivate static let gpuInstanceID = XMLName("gpu_instance_id")
  fileprivate static let index = XMLName("index")
  fileprivate static let migDevice = XMLName("mig_device")
  fileprivate static let migDevices = XMLName("mig_devices")
  fileprivate static let migMode = XMLName("mig_mode")
  fileprivate static let pid = XMLName("pid")
  fileprivate static let processInfo = XMLName("process_info")
  fileprivate static let processName = XMLName("process_name")
  fileprivate static let processes = XMLName("processes")
  fileprivate static let total = XMLName("total")
  fileprivate static let type = XMLName("type")
  fileprivate static let used = XMLName("used")
  fileprivate static let usedMemory = XMLName("used_memory")
  fileprivate static let uuid = XMLName("uuid")
}
