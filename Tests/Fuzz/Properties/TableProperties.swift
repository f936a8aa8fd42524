import GPUSessions

/// What nvidia-smi prints without arguments, whole, cut or with anything in it.
func checkSMITable(_ input: [UInt8], _ findings: inout Findings) {
  let table = SMITable(input)
  let (instances, processes) = (table.instances ?? [], table.processes ?? [])
  findings.require(
    instances.allSatisfy {
      $0.gpu >= 0 && $0.deviceIndex >= 0 && $0.id.gpuInstance >= 0 && $0.id.computeInstance >= 0
    },
    "the numbers of an instance are not negative")
  findings.require(
    !hasDuplicates(instances.map { Device(gpu: $0.gpu, instance: $0.id) }), "an instance is there once")
  findings.require(
    processes.allSatisfy { $0.gpu >= 0 && $0.pid > 0 && !$0.type.isEmpty }, "GPUs, PIDs and types are right")
  let counted =
    instances.count + processes.count + table.malformedInstances + table.malformedProcesses
  findings.require(counted <= input.count { $0 == UInt8(ascii: "\n") } + 1, "no line counts twice")
  for process in processes {
    findings.require(occurs(process.name, in: input), "a name is as printed")
    findings.require(occurs("\(process.pid)".utf8, in: input), "a PID is as printed")
  }
  checkBeginnings(of: input, table, &findings)
}

/// A table that ends behind any line has the first rows of the whole.
private func checkBeginnings(of input: [UInt8], _ whole: SMITable, _ findings: inout Findings) {
  let ends = input.indices.filter { input[$0] == UInt8(ascii: "\n") }
  for share in 1..<4 where !ends.isEmpty {
    let cut = SMITable(Array(input[...ends[ends.count * share / 4]]))
    findings.require(
      (cut.instances ?? []).elementsEqual((whole.instances ?? []).prefix(cut.instances?.count ?? 0))
        && (cut.processes ?? []).elementsEqual((whole.processes ?? []).prefix(cut.processes?.count ?? 0)),
      "a cut changes nothing that stands before it")
  }
}

/// No line within a name passes for a row: of a table with these processes exactly these are read.
func checkTableRows(_ input: [UInt8], _ findings: inout Findings) {
  for form in PrintedTable.Form.allCases {
    let printed = PrintedTable(form, describedBy: input)
    let table = SMITable(printed.bytes)
    findings.require(
      (table.processes ?? []).map(PrintedTable.Process.init) == printed.processes.map(printed.expected),
      "exactly the processes are read: \(form)")
    findings.require(table.instances == nil, "a name adds no instance")
    findings.require(table.malformedProcesses == 0, "nothing else is there")
  }
}

extension PrintedTable {
  /// Reads processes of 8 bytes and a name each: the length of the name, GPU, instance, PID, type, memory.
  fileprivate init(_ form: Form, describedBy input: [UInt8]) {
    var processes: [Process] = []
    var rest = input[...]
    while rest.count >= 8 {
      let head = Array(rest.prefix(8))
      let name = rest.dropFirst(8).prefix(Int(head[0] & 0x7F))
      rest = rest.dropFirst(8 + name.count)
      processes.append(Process(form, head, name: Array(name.prefix { $0 != 0 })))
    }
    self.init(form, processes)
  }

  /// What is to be read of a process.
  fileprivate func expected(_ process: Process) -> Process {
    var row = process
    row.name = process.name.map(withoutBlanks)
    return row
  }
}

extension PrintedTable.Process {
  fileprivate init(_ form: PrintedTable.Form, _ head: [UInt8], name: [UInt8]) {
    let isOnInstance = form.hasInstance && head[2] & 1 == 1
    self.init(
      gpu: Int(head[1] & 15),
      instance: isOnInstance
        ? InstanceID(gpuInstance: Int(head[2] >> 1 & 15), computeInstance: Int(head[2] >> 5)) : nil,
      pid: 1 + Int32(head[3]) << 8 + Int32(head[4]), type: ["C", "G", "C+G", "M+C"][Int(head[5] & 3)],
      memory: head[6] == 0 ? nil : UInt64(head[6]) << 8 + UInt64(head[7]),
      name: form.cut(name))
  }

  fileprivate init(_ row: SMITable.Process) {
    self.init(
      gpu: row.gpu, instance: row.instance, pid: row.pid, type: row.type, memory: row.memoryBytes.map { $0 >> 20 },
      name: Array(row.name))
  }
}
