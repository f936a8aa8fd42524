import GPUSessions

/// What nvidia-smi prints without arguments: the MIG devices, if any GPU has MIG on, and the processes.
struct FakeTable {
  /// The forms of the part with the processes.
  enum Form: CaseIterable {
    /// 570 and later.
    case wide
    /// 550 to 569.
    case early
    /// 530 to 549.
    case middle
    /// 450 to 529.
    case narrow
    /// Before 450.
    case old
  }

  var instances: [(gpu: Int, gi: Int, ci: Int)]?
  var processes: [FakeProcess] = []
  var form = Form.wide

  /// GPU 0 with two MIG devices, GPU 1 without MIG.
  static func mig(_ processes: [FakeProcess]) -> FakeTable { mig([(0, 1, 0), (0, 2, 0)], processes) }

  static func mig(_ instances: [(gpu: Int, gi: Int, ci: Int)], _ processes: [FakeProcess]) -> FakeTable {
    FakeTable(instances: instances, processes: processes)
  }

  var text: String {
    "Fri Nov 27 12:00:00 2026       \n" + (instances.map(FakeTable.devices) ?? "")
      + FakeTable.header(form) + (processes.isEmpty ? FakeTable.none(form) : "")
      + processes.map { FakeTable.row($0, form) }.joined() + FakeTable.rule(form)
  }

  static func row(_ process: FakeProcess, _ form: Form) -> String {
    let memory = process.memory == "[N/A]" ? "N/A" : process.memory.replacing(" ", with: "")
    var row = "|" + "\(process.gpu)".right(5)
    if form != .old {
      row += process.instance.map { "\($0.0)".right(5) + "\($0.1)".right(5) + " " } ?? "   N/A  N/A"
    }
    row += "\(process.pid)".right(form == .wide ? 16 : 10) + process.type.right(7)
    return row + "   " + cut(process.name, form).left(nameWidth(form)) + memory.right(form == .old ? 9 : 12)
      + " |\n"
  }

  static func rule(_ form: Form) -> String { "+" + String(repeating: "-", count: width(form) - 2) + "+\n" }

  static func header(_ form: Form) -> String {
    let titles =
      switch form {
      case .wide:
        """
        |  GPU   GI   CI              PID   Type   Process name                        GPU Memory |
        |        ID   ID                                                               Usage      |
        """
      case .early:
        """
        |  GPU   GI   CI        PID   Type   Process name                              GPU Memory |
        |        ID   ID                                                               Usage      |
        """
      case .middle:
        """
        |  GPU   GI   CI        PID   Type   Process name                            GPU Memory |
        |        ID   ID                                                             Usage      |
        """
      case .narrow:
        """
        |  GPU   GI   CI        PID   Type   Process name                  GPU Memory |
        |        ID   ID                                                   Usage      |
        """
      case .old: "|  GPU       PID   Type   Process name                             Usage      |"
      }
    return rule(form) + "| Processes:".left(width(form) - 1) + "|\n" + titles + "\n|"
      + String(repeating: "=", count: width(form) - 2) + "|\n"
  }

  static func none(_ form: Form) -> String {
    "|  No running processes found".left(width(form) - 1) + "|\n"
  }

  static func width(_ form: Form) -> Int {
    switch form {
    case .wide, .early: 91
    case .middle: 89
    case .narrow, .old: 79
    }
  }

  static func nameWidth(_ form: Form) -> Int {
    switch form {
    case .wide: 34
    case .early: 40
    case .middle: 38
    case .narrow: 28
    case .old: 42
    }
  }

  /// The driver cuts a longer name at its front, and marks that with three points.
  static func cut(_ name: String, _ form: Form) -> String {
    if name.utf8.count <= nameWidth(form) { return name }
    let kept =
      switch form {
      case .wide: 29
      case .early, .middle: 35
      case .narrow: 25
      case .old: 39
      }
    return "..." + String(decoding: name.utf8.suffix(kept), as: UTF8.self)
  }

  private static func devices(_ instances: [(gpu: Int, gi: Int, ci: Int)]) -> String {
    var nextIndex: [Int: Int] = [:]
    var rows = ""
    for instance in instances {
      let index = nextIndex[instance.gpu, default: 0]
      nextIndex[instance.gpu] = index + 1
      rows += "|" + "\(instance.gpu)".right(3) + "\(instance.gi)".right(5) + "\(instance.ci)".right(4)
      rows += "\(index)".right(4) + "  |            1024MiB /  4096MiB    | 16      0 |  1   0    1    0    1 |\n"
      rows += "|                  |               0MiB /  6185MiB    |           |                       |\n"
      rows += "+------------------+----------------------------------+-----------+-----------------------+\n"
    }
    return """
      +-----------------------------------------------------------------------------------------+
      | MIG devices:                                                                            |
      +------------------+----------------------------------+-----------+-----------------------+
      | GPU  GI  CI  MIG |              Shared Memory-Usage |        Vol|        Shared         |
      |      ID  ID  Dev |                Shared BAR1-Usage | SM     Unc| CE ENC  DEC  OFA  JPG |
      |                  |                                  |        ECC|                       |
      |==================+==================================+===========+=======================|
      \(instances.isEmpty ? "|  No MIG devices found".left(90) + "|\n" : rows)

      """
  }
}

extension String {
  /// Padded with blanks in front.
  fileprivate func right(_ width: Int) -> String {
    String(repeating: " ", count: max(0, width - utf8.count)) + self
  }

  /// Padded with blanks at the end.
  fileprivate func left(_ width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - utf8.count))
  }
}
