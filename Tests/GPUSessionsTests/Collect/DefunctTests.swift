import GPUSessions
import Testing

/// Whole collections on a node without containers; no command line of a GPU process may be read.
@Suite struct DefunctTests {
  private static let answers = [
    "--query-gpu":
      "index, uuid, pci.bus_id, name, memory.used [MiB]\n0, GPU-1, 00000000:01:00.0, NVIDIA L40S, 1000 MiB\n",
    "--query-compute-apps": "gpu_uuid, pid, used_gpu_memory [MiB]\n"
      + (1...5).map { "GPU-1, \($0), 100 MiB\n" }.joined(),
    "pmon": "# gpu pid type sm command\n    0          9     G      1    Xorg           \n"
      + (1...5).map { "    0          \($0)     C      1    python         \n" }.joined(),
    "": FakeTable(processes: processes + [FakeProcess(pid: 9, name: "Xorg", memory: "50 MiB", type: "G")]).text,
  ]
  private static let processes = (1...5).map { FakeProcess(pid: $0, name: "python", memory: "100 MiB") }

  private func host(table: String? = nil, unread: [String] = ["/cmdline", "/environ"]) -> Host {
    var files = ["/proc/2/stat": "2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 38 0 0 20 0 1 0 25 0 0\n"]
    files["/proc/uptime"] = "9000.00 1.00\n"
    files["/etc/passwd"] = "ada:x:1000:1000:::\n"
    for (pid, state) in [(1, "S"), (2, "Z"), (3, "X"), (4, "D")] {
      let name = pid == 2 ? "kthreadd" : "python"
      files["/proc/\(pid)/stat"] =
        "\(pid) (\(name)) \(state) 0 1 1 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 5 1000 2\n"
      files["/proc/\(pid)/cgroup"] = "0::/system.slice/a.service\n"
      files["/proc/\(pid)/status"] = "Uid:\t1000\t0\t0\t0\n"
    }
    let onRead: @Sendable (String) -> Void = { path in
      if unread.contains(where: path.hasSuffix) { Issue.record("read \(path)") }
    }
    return fakeHost(files: files, executables: ["/usr/bin/nvidia-smi"], onRead: onRead) { commands, _ in
      commands.map { command in
        let first = command.arguments.first ?? ""
        let name = String(first.prefix { $0 != "=" })
        let text = name.isEmpty ? table ?? Self.answers[name] : Self.answers[name]
        return ChildOutcome(end: .exited(0), standardOutput: Array((text ?? "").utf8))
      }
    }
  }

  private func lines(_ host: Host, _ family: String, options: Options = Options()) -> [String] {
    let text = String(decoding: exposition(Pipeline(host: host, options: options).run(), options), as: UTF8.self)
    return text.split(separator: "\n").map(String.init).filter { $0.hasPrefix(family) }
  }

  @Test func eachReasonHasItsSample() {
    let found = lines(host(), "gpu_process_defunct{")
    #expect(
      found
        == [(2, "zombie"), (3, "zombie"), (4, "uninterruptible"), (5, "gone")].map { pid, reason in
          "gpu_process_defunct{gpu=\"0\",pid=\"\(pid)\",command=\"python\",pod=\"\",namespace=\"\",container=\"\","
            + "reason=\"\(reason)\"} 1"
        })
    #expect(lines(host(), "gpu_session_count{") == ["gpu_session_count{gpu=\"0\"} 5"])
  }

  @Test func whatNobodyHoldsIsLessByTheGraphicsProcesses() {
    #expect(lines(host(), "gpu_memory_unattributed_bytes{").map { $0.split(separator: " ").last } == ["471859200"])
  }

  @Test(arguments: [
    "", "No devices were found\n", FakeTable(processes: [FakeProcess(pid: 9, memory: "[N/A]", type: "G")]).text,
  ])
  func whereGraphicsProcessesAreNotKnownThereIsNoFigure(table: String) {
    #expect(lines(host(table: table), "gpu_memory_unattributed_bytes{").isEmpty)
  }

  @Test func withoutTheUserLabelNoFileOfUsersIsRead() {
    #expect(
      lines(host(), "gpu_process_info{").filter { $0.contains(",user=\"ada\",unit=\"a.service\"}") }.count == 2)
    let host = host(unread: ["/cmdline", "/status", "/passwd"])
    var options = Options()
    options.hasUserLabel = false
    let found = lines(host, "gpu_process_info{", options: options)
    #expect(found.count == 5 && !found.contains { $0.contains("user=") })
  }

  @Test(arguments: ["C", "G", "C+G"])
  func memoryOfAProcessThatOnlyTheTableListsIsHeld(type: String) {
    let late = FakeProcess(pid: 9, name: "late", memory: "50 MiB", type: type)
    #expect(
      lines(host(table: FakeTable(processes: [late]).text), "gpu_memory_unattributed_bytes{").map {
        $0.split(separator: " ").last
      } == [
        "471859200"
      ])
  }
}
