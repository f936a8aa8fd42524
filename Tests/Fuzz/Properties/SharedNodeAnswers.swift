import GPUSessions

/// What nvidia-smi of driver 580 prints on a ``SharedNode``.
extension SharedNode {
  /// The output of each query, named as in a folder of Fixtures/nodes.
  var answers: [String: [UInt8]] {
    [
      "query-gpu": gpuList, "query-compute-apps": processList, "pmon": pmon, "table": table,
      "list": Array(instanceList.utf8),
    ]
  }

  private var gpuList: [UInt8] {
    let fields = [
      "index", "uuid", "pci.bus_id", "name", "driver_version", "mig.mode.current", "utilization.gpu [%]",
      "memory.total [MiB]", "memory.used [MiB]", "temperature.gpu", "power.draw [W]", "power.limit [W]",
    ]
    let rows = SharedNode.gpuUUIDs.enumerated().map { index, uuid in
      let isMIG = index == 1
      let used = members.reduce(20) { $0 + ($1.gpu == index ? $1.memory : 0) }
      return "\(index), \(uuid), 00000000:1\(index):00.0, NVIDIA H100 80GB HBM3, 580.159.04,"
        + " \(isMIG ? "Enabled, [N/A]" : "Disabled, 9 %"), 81559 MiB, \(used) MiB, 53, 433.78 W, 700.00 W\n"
    }
    return Array((fields.joined(separator: ", ") + "\n" + rows.joined()).utf8)
  }

  /// The list that is asked for without names.
  private var processList: [UInt8] {
    let rows = members.map { "\(SharedNode.gpuUUIDs[$0.gpu]), \($0.pid), \($0.memory) MiB\n" }
    return Array(("gpu_uuid, pid, used_gpu_memory [MiB]\n" + rows.joined()).utf8)
  }

  private var instanceList: String {
    SharedNode.gpuUUIDs.enumerated().map { index, uuid in
      let instances = index == 1 ? SharedNode.instanceUUIDs : []
      return "GPU \(index): NVIDIA H100 80GB HBM3 (UUID: \(uuid))\n"
        + instances.enumerated().map { "  MIG 3g.40gb     Device  \($0): (UUID: \($1))\n" }.joined()
    }.joined()
  }

  private var table: [UInt8] {
    let form = PrintedTable.Form.allCases[0]
    let processes = members.compactMap { member -> PrintedTable.Process? in
      // Blanks at both ends are not printed, and a process without a name has no row.
      let name = Array(member.title.drop { $0 == 0x20 }.reversed().drop { $0 == 0x20 }.reversed())
      if name.isEmpty { return nil }
      return PrintedTable.Process(
        gpu: member.gpu, instance: member.instance, pid: member.pid, type: "C", memory: member.memory,
        name: form.cut(name))
    }
    let instances = SharedNode.instanceIDs.enumerated().map {
      PrintedTable.Instance(gpu: 1, id: $1, deviceIndex: $0, used: 2_310, total: 40_448)
    }
    return PrintedTable(form, processes, instances).bytes
  }

  /// One sample. Names are what stands behind the last `/` or `\`, cut to 15 bytes and padded to 15.
  private var pmon: [UInt8] {
    let header = """
      # gpu         pid   type     sm    mem    enc    dec    jpg    ofa    command\u{20}
      # Idx           #    C/G      %      %      %      %      %      %    name\u{20}

      """
    var rows = members.map { member -> [UInt8] in
      let name = member.title.split(
        omittingEmptySubsequences: false, whereSeparator: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
      ).last.map { Array($0.prefix(15)) }
      let shares = member.gpu == 1 ? ["-", "-"] : ["\(member.pid % 50)", "7"]
      return SharedNode.pmonRow(member.gpu, "\(member.pid)", "C", shares, name ?? [])
    }
    rows.append(SharedNode.pmonRow(2, "-", "-", ["-", "-"], [UInt8(ascii: "-")]))
    // The header is repeated after every 44 rows.
    return Array(rows.enumerated().map { ($0 % 44 == 0 ? Array(header.utf8) : []) + $1 }.joined())
  }

  private static func pmonRow(
    _ gpu: Int, _ pid: String, _ type: String, _ shares: [String], _ name: [UInt8]
  ) -> [UInt8] {
    let cells = (shares + ["-", "-", "-", "-"]).map { PrintedTable.right($0, 7) }
    let head = PrintedTable.right("\(gpu)", 5) + PrintedTable.right(pid, 11) + PrintedTable.right(type, 6)
    return Array((head + cells.joined() + "    ").utf8) + name + [UInt8](repeating: 0x20, count: 15 - name.count)
      + [0x0A]
  }
}
