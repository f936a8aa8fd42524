import GPUSessions
import Testing

@Suite struct ShowTests {
  private func shown(_ node: FakeHost, _ arguments: String...) -> (status: GPUSessions.ExitStatus, lines: [String])
  {
    let status = run(["show"] + arguments, node.host)
    let text = String(decoding: node.output[.standardOutput] ?? [], as: UTF8.self)
    return (status, text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
  }

  private func node(name: String = "/usr/bin/python3", pod: String = "sweep-0") -> FakeHost {
    let node = FakeHost.node(gpus: [.init(index: 0), .init(index: 1)], [FakeProcess(pid: 100, name: name)])
    node.directories["/var/log/pods"] = .names(["team-a_\(pod)_\(FakeHost.podUID)"])
    // The link is of the pod `sweep-0`: for another one it would be a contradiction, and counted.
    if pod != "sweep-0" { node.directories["/var/log/containers"] = .absent }
    return node
  }

  private let longPod = String(repeating: "a", count: 250)

  @Test func `a table has each device, and each session below its own`() {
    let node = node()
    let (status, lines) = shown(node)
    #expect(status == .success && node.errors == "" && node.published.isEmpty)
    #expect(
      lines == [
        "GPU 0  NVIDIA H100 80GB HBM3  [██░░░░░░░░]  19.5/79.6 GiB   50 %",
        "     PID  OWNER           CONTAINER  COMMAND   MEMORY    SM   AGE",
        "     100  team-a/sweep-0  main       python3  1.0 GiB  30 %  1d0h",
        "", "GPU 1  NVIDIA H100 80GB HBM3  [██░░░░░░░░]  19.5/79.6 GiB   50 %  idle", "",
      ])
  }

  @Test func `escape sequences of a process name do not reach the terminal`() {
    let node = node(name: "/x/\u{1B}]0;owned\u{7}\u{1B}[2J\u{9B}31m\u{202E}")
    node.terminalWidth = 120
    let (_, lines) = shown(node)
    let session = lines.first { $0.contains("owned") } ?? ""
    #expect(session.contains("\u{FFFD}]0;owned\u{FFFD}\u{FFFD}[2J\u{FFFD}31m\u{FFFD}"))
    #expect(!session.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) })
  }

  @Test(arguments: [40, 45, 50, 60, 69, 70, 80, 100, 200])
  func `no line of devices and sessions is wider than the page`(width: Int) {
    let node = node(name: "/x/" + String(repeating: "訓", count: 10), pod: longPod)
    node.environment["COLUMNS"] = "\(width)"
    let (status, lines) = shown(node)
    #expect(status == .success && lines.prefix { $0 != "Problems" }.allSatisfy { $0.columns <= width })
    #expect(lines.contains { $0.contains("100") } && lines.contains { $0.contains("…") })
  }

  @Test(arguments: ["", "0", "-3", "wide", "99999999999999999999"])
  func `a width that makes no sense is none`(columns: String) {
    let node = node()
    node.environment["COLUMNS"] = columns
    #expect(shown(node).lines == shown(self.node()).lines)
  }

  @Test func `colour is for terminals whose user wants it`() {
    func isColoured(_ width: Int?, _ environment: [String: String]) -> Bool {
      let node = node()
      node.terminalWidth = width
      node.environment = environment
      return shown(node).lines.contains { $0.contains("\u{1B}[32m") }
    }
    #expect(isColoured(100, [:]) && isColoured(0, ["NO_COLOR": ""]))
    #expect(!isColoured(nil, [:]) && !isColoured(100, ["NO_COLOR": "1"]) && !isColoured(100, ["TERM": "dumb"]))
    #expect(!isColoured(nil, ["COLUMNS": "100"]))
  }

  @Test func `a filter holds for the table and for the object`() {
    #expect(shown(node(), "--gpu", "1").lines.map { $0.prefix(5) } == ["GPU 1", ""])
    #expect(
      shown(node(), "--pod", "sweep-0").lines.map { $0.prefix(8) } == ["GPU 0  N", "     PID", "     100", ""])
    #expect(!shown(node(), "--gpu", "1", "--json").lines.contains { $0.contains("\"pid\"") })
    let node = node()
    let (status, lines) = shown(node, "--pod", "nobody", "--gpu", "1")
    #expect(status == .success && lines == [""])
    #expect(node.errors == "gpu-sessions: warning: nothing on this node matches --pod nobody --gpu 1\n")
  }

  @Test func `problems stand at the foot with what they mean`() {
    let node = node()
    node.files["/proc/100/stat"] = nil
    node.files["/proc/100/cgroup"] = nil
    #expect(shown(node).lines.suffix(3) == ["Problems", "  1  " + Problem.processGone.meaning, ""])
  }

  @Test func `a failed run is one sentence, and still an object`() {
    let node = FakeHost.empty()
    node.answers[.gpus] = [.text("No devices were found\n", exit: 6)]
    #expect(shown(node).status == .failure && node.output[.standardOutput] == nil)
    #expect(
      node.errors == "gpu-sessions: error: " + CollectionFailure.noDevices.sentence(reason: "No devices were found")
        + "\n")
    let (status, lines) = shown(node, "--json")
    #expect(status == .failure)
    #expect(
      lines.prefix(5) == [
        "{", "  \"devices\": [],", "  \"sessions\": [],", "  \"allocations\": [],", "  \"problems\": [",
      ])
    #expect(lines.contains("    \"success\": false,"))
  }

  @Test func `what is not known is null in the object`() {
    let node = node()
    node.addProcess(100, cgroup: "0::/user.slice\n")
    let session = shown(node, "--json").lines.first { $0.contains("\"pid\": 100") } ?? ""
    #expect(session.contains("\"pod\": null, \"namespace\": null, \"container\": null, \"pod_uid\": null"))
    #expect(session.contains("\"start_time\": 1700000050,"))
  }

  @Test func `standard output that cannot be written is said`() {
    let node = node()
    node.isStandardOutputBroken = true
    #expect(shown(node).status == .cannotCreate)
    #expect(node.errors == "gpu-sessions: error: standard output cannot be written\n")
  }

  @Test func `COLUMNS wins over the terminal, and without it the terminal is believed`() {
    func widest(_ columns: String?, _ terminal: Int?) -> Int {
      let node = node(pod: longPod)
      node.environment["COLUMNS"] = columns
      node.environment["NO_COLOR"] = "1"
      node.terminalWidth = terminal
      return shown(node).lines.map(\.columns).max() ?? 0
    }
    #expect(widest("60", 120) == 60 && widest("120", 60) == 120)
    #expect(widest(nil, 60) == 60 && widest("0", 60) == 60 && widest("60", 0) == 60 && widest(nil, nil) == 100)
  }
}
