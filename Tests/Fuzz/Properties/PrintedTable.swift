import GPUSessions

/// The table that nvidia-smi prints without arguments, composed as the driver composes it: MIG devices, then processes.
struct PrintedTable {
  struct Form: CaseIterable {
    var header: [String]
    var pidWidth, nameWidth, keptOfName, memoryWidth: Int
    var hasInstance = true

    /// The name as the driver cuts it: a long one begins with three points.
    func cut(_ name: [UInt8]) -> [UInt8] {
      name.count > nameWidth ? Array("...".utf8) + name.suffix(keptOfName) : name
    }

    static let allCases = [
      // 570 and later.
      Form(
        header: [
          "|  GPU   GI   CI              PID   Type   Process name                        GPU Memory |",
          "|        ID   ID                                                               Usage      |",
        ], pidWidth: 16, nameWidth: 34, keptOfName: 29, memoryWidth: 12),
      // 550 to 569.
      Form(
        header: [
          "|  GPU   GI   CI        PID   Type   Process name                              GPU Memory |",
          "|        ID   ID                                                               Usage      |",
        ], pidWidth: 10, nameWidth: 40, keptOfName: 35, memoryWidth: 12),
      // 530 to 549.
      Form(
        header: [
          "|  GPU   GI   CI        PID   Type   Process name                            GPU Memory |",
          "|        ID   ID                                                             Usage      |",
        ], pidWidth: 10, nameWidth: 38, keptOfName: 35, memoryWidth: 12),
      // 450 to 529.
      Form(
        header: [
          "|  GPU   GI   CI        PID   Type   Process name                  GPU Memory |",
          "|        ID   ID                                                   Usage      |",
        ], pidWidth: 10, nameWidth: 28, keptOfName: 25, memoryWidth: 12),
      // Before 450.
      Form(
        header: ["|  GPU       PID   Type   Process name                             Usage      |"], pidWidth: 10,
        nameWidth: 42, keptOfName: 39, memoryWidth: 9, hasInstance: false),
    ]
  }

  struct Process: Equatable {
    var gpu: Int
    var instance: InstanceID?
    var pid: Int32
    var type: String
    var memory: UInt64?
    /// As printed: cut at the front.
    var name: [UInt8]?
  }

  /// One MIG device; memory in MiB.
  struct Instance {
    var gpu: Int
    var id: InstanceID
    var deviceIndex: Int
    var used, total: UInt64
  }

  let form: Form
  let processes: [Process]
  /// The rows of `MIG devices`. Without any, the table lacks that part.
  private let instances: [Instance]

  init(_ form: Form, _ processes: [Process], _ instances: [Instance] = []) {
    self.form = form
    self.processes = processes
    self.instances = instances
  }

  var bytes: [UInt8] {
    let rule = "+" + String(repeating: "-", count: form.header[0].utf8.count - 2) + "+"
    let head = [rule, "| Processes: |"] + form.header + [rule.replacing("-", with: "=").replacing("+", with: "|")]
    let lines = (instances.isEmpty ? [] : instanceLines) + head
    return lines.flatMap { Array($0.utf8) + [0x0A] } + processes.flatMap(row) + Array((rule + "\n").utf8)
  }

  /// The part `MIG devices` as of driver 570 and later.
  private var instanceLines: [String] {
    let rule = "+------------------+----------------------------------+-----------+-----------------------+"
    let rows = instances.flatMap { instance -> [String] in
      let numbers = [instance.gpu, instance.id.gpuInstance, instance.id.computeInstance, instance.deviceIndex]
      return [
        "|" + zip(numbers, [3, 5, 4, 4]).map { PrintedTable.right("\($0)", $1) }.joined() + "  | "
          + PrintedTable.right("\(instance.used)MiB", 18) + " /" + PrintedTable.right("\(instance.total)MiB", 9)
          + "    | 60      0 |  3   0    3    0    3 |",
        "|                  |               0MiB / 32767MiB    |           |                       |", rule,
      ]
    }
    return [
      "| MIG devices:                                                                            |", rule,
      "| GPU  GI  CI  MIG |              Shared Memory-Usage |        Vol|        Shared         |",
      "|      ID  ID  Dev |                Shared BAR1-Usage | SM     Unc| CE ENC  DEC  OFA  JPG |",
      "|                  |                                  |        ECC|                       |",
      "|==================+==================================+===========+=======================|",
    ] + rows + [""]
  }

  private func row(_ process: Process) -> [UInt8] {
    var head = "|" + PrintedTable.right("\(process.gpu)", 5)
    if form.hasInstance {
      head +=
        process.instance.map {
          PrintedTable.right("\($0.gpuInstance)", 5) + PrintedTable.right("\($0.computeInstance)", 5) + " "
        } ?? "   N/A  N/A"
    }
    head += PrintedTable.right("\(process.pid)", form.pidWidth) + PrintedTable.right(process.type, 7) + "   "
    let memory = PrintedTable.right(process.memory.map { "\($0)MiB" } ?? "N/A", form.memoryWidth)
    let name = process.name ?? []
    let blanks = [UInt8](repeating: 0x20, count: form.nameWidth - name.count)
    return Array(head.utf8) + name + blanks + Array((memory + " |\n").utf8)
  }

  static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.utf8.count)) + text
  }
}
