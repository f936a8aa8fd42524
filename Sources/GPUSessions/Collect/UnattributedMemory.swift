extension Collector {
  /// Memory of GPUs without MIG that no listed process holds, graphics processes included.
  ///
  /// The figures are those of the process list, for processes that only pmon lists (graphics) its column `fb`.
  /// A row that could not be read may belong to any GPU: then none has an answer.
  mutating func measureUnattributed(_ answers: SMIResponses, _ processes: ProcessTable) {
    guard answers.apps.malformedRows == 0, let pmon = answers.pmon, pmon.malformedRows == 0, pmon.hasMemory
    else { return }
    var rests: [Rest] = []
    for gpu in snapshot.gpus where gpu.isReadable && gpu.migMode != .enabled && pmon.coveredGPUs.contains(gpu.index)
    {
      rests.append(Rest(gpu: gpu.index, bytes: gpu.memoryUsedBytes))
    }
    func subtract(_ bytes: UInt64?, from gpu: Int) {
      for index in rests.indices where rests[index].gpu == gpu { rests[index].bytes.subtract(bytes) }
    }
    for process in processes.all where process.device.instance == nil {
      subtract(process.memoryBytes, from: process.device.gpu)
    }
    for (key, row) in pmon.rows where !processes.contains(key.pid, onGPU: key.gpu) {
      subtract(row.memoryBytes, from: key.gpu)
    }
    for index in snapshot.gpus.indices {
      for rest in rests where rest.gpu == snapshot.gpus[index].index {
        snapshot.gpus[index].memoryUnattributedBytes = rest.bytes
      }
    }
  }
}

/// What is left of the memory in use on one GPU; few enough to be looked through.
private struct Rest {
  let gpu: Int
  var bytes: UInt64?
}

/// The same of one MIG GPU, whose document lists processes of all types on all instances.
///
/// `nil` as soon as one of them has no figure, or a process that the CSV lists is not in the document.
package func unattributedMemory(of gpu: GPU, _ seen: MIGDocument.GPU, listed: Set<Int32>) -> UInt64? {
  guard seen.malformedRows == 0, listed.isSubset(of: seen.processes.map(\.pid)) else { return nil }
  var held: [Holder: UInt64?] = [:]
  for process in seen.processes {
    let holder = Holder(instance: process.instance, pid: process.pid)
    let before = held[holder] ?? 0
    held.updateValue(before.flatMap { one in process.memoryBytes.map { max(one, $0) } }, forKey: holder)
  }
  return unattributed(gpu.memoryUsedBytes, Array(held.values))
}

/// A process on one instance, which the document may list once per type.
private struct Holder: Hashable {
  var instance: InstanceID?
  var pid: Int32
}

/// What is left of the memory in use, never below 0; `nil` where a figure is missing.
package func unattributed(_ used: UInt64?, _ held: [UInt64?]) -> UInt64? {
  var rest = used
  for bytes in held { rest.subtract(bytes) }
  return rest
}

extension UInt64? {
  /// Takes so much away, down to 0; what is not known leaves nothing that is.
  fileprivate mutating func subtract(_ bytes: UInt64?) {
    guard let rest = self, let bytes else { return self = nil }
    self = rest - Swift.min(rest, bytes)
  }
}
