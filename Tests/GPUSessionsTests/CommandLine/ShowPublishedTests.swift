import GPUSessions
import Testing

@Suite struct ShowPublishedTests {
  private func shown(_ page: FileRead, _ arguments: String...) -> (
    status: GPUSessions.ExitStatus, text: String, host: FakeHost
  ) {
    let host = FakeHost()
    host.input = page
    let status = run(["show", "--from"] + arguments, host.host)
    return (status, String(decoding: host.output[.standardOutput] ?? [], as: UTF8.self), host)
  }

  private func bytes(_ lines: String...) -> FileRead { .bytes(octets(lines.map { $0 + "\n" }.joined())) }

  /// The clock of the host, in seconds since 1970.
  private let now = 1_700_001_000

  @Test func `the page of a node is drawn as on the node`() {
    let node = FakeHost.node(
      gpus: [.init(index: 0), .init(index: 1)], [FakeProcess(pid: 100, name: "/usr/bin/python3")])
    // As long after its boot as the node's /proc/uptime says.
    node.now = 90_000 * Nanoseconds.perSecond
    #expect(run([], node.host) == .success)
    let published = octets(node.published.last?.file.text ?? "")
    let host = FakeHost()
    (host.input, host.now) = (.bytes(published), node.now)
    let status = run(["show", "--from", "-"], host.host)
    let text = String(decoding: host.output[.standardOutput] ?? [], as: UTF8.self)
    _ = run(["show"], node.host)
    #expect(status == .success && host.errors == "" && host.inputs == [.standardInput])
    #expect(text == String(decoding: node.output[.standardOutput] ?? [], as: UTF8.self))
    // Nothing of this machine is looked at.
    #expect(host.spawned.isEmpty && host.reads.isEmpty && host.listed.isEmpty)
  }

  @Test func `several nodes have a heading each, and in JSON an object each`() {
    let page = bytes(
      "gpu_session_count{gpu=\"0\",node=\"b\",cluster=\"eu\"} 0 \(now - 10)000",
      "gpu_session_count{gpu=\"0\",node=\"a\"} 0 \(now - 300)000",
      "gpu_session_collector_problems{kind=\"driver_not_loaded\",node=\"c\"} 1")
    let (status, text, host) = shown(page, "x.prom")
    #expect(status == .success && host.inputs == [.file("x.prom")])
    let lines = text.split(separator: "\n").map(String.init)
    #expect(
      lines.filter { $0.hasPrefix("cluster ") } == [
        "cluster -, node a  stale: 5m0s old", "cluster -, node c  age not known", "cluster eu, node b  10s old",
      ])
    #expect(
      lines.contains("nvidia-smi cannot talk to the NVIDIA driver: it is not loaded, or /dev/nvidia* is missing"))
    #expect(
      host.errors.contains("error: node c: nvidia-smi cannot talk")
        && host.errors.contains("the metrics of 1 of 3 nodes are more than three minutes old: a"))
    let json = shown(page, "x.prom", "--json").text
    #expect(
      json.contains(
        "\"cluster\": null, \"node\": \"a\", \"age_seconds\": 300, \"stale\": true, \"devices\": [{\"gpu\""))
    #expect(json.hasSuffix("\n  ],\n  \"unreadable_lines\": 0\n}\n"))
  }

  @Test func `a page without names of nodes is the object of show with four members in front`() {
    let json = shown(bytes("gpu_session_count{gpu=\"0\"} 0", "gpu_info{"), "-", "--json").text
    #expect(
      json.hasPrefix("{\n  \"cluster\": null,\n  \"node\": null,\n  \"age_seconds\": null,\n  \"stale\": null,\n"))
    #expect(json.contains("\"success\": null,\n    \"version\": null,\n    \"last_run_timestamp_seconds\": null"))
    #expect(json.hasSuffix("\n  \"unreadable_lines\": 1\n}\n"))
  }

  @Test func `lines that could not be read are said`() {
    let (status, _, host) = shown(bytes("gpu_session_count{gpu=\"0\"} 0", "x", "y"), "-")
    #expect(status == .success)
    #expect(
      host.errors
        == "gpu-sessions: warning: 2 lines were left out: they are not valid samples, or exceed a limit; the first is"
        + " line 2\n")
    #expect(shown(bytes("gpu_session_count{gpu=\"0\"} 0", "x"), "-", "--quiet").host.errors == "")
  }

  @Test(arguments: [
    (FileRead.absent, "p cannot be read: no such file or directory"),
    (.failed(21), "p cannot be read: is a directory"),
    (.failed(.interrupted), "stopped by SIGTERM or SIGINT before p was read"),
    (.tooLong, "p has more than 64 MiB"), (.bytes([]), "p is empty"),
    (.bytes(octets("<html>\n")), "p is not in Prometheus' text format: line 1"),
    (.bytes(octets("up 1\n")), "p has metrics, but none of gpu-sessions"),
  ])
  func `a page that cannot be shown is one sentence`(page: FileRead, sentence: String) {
    for arguments in [["p"], ["p", "--json"]] {
      let host = FakeHost()
      host.input = page
      #expect(run(["show", "--from"] + arguments, host.host) == .failure)
      #expect(host.errors.hasPrefix("gpu-sessions: error: " + sentence) && host.errors.hasSuffix(")\n"))
      #expect(host.output[.standardOutput] == nil)
    }
  }

  @Test func `without a node that was read the exit status is 1`() {
    #expect(shown(bytes("gpu_session_collector_success 0"), "-").status == .failure)
    let many = (0..<9).map { "gpu_session_collector_success{node=\"n\($0)\"} 0" }.joined(separator: "\n")
    let (status, _, host) = shown(bytes(many), "-")
    #expect(status == .failure)
    #expect(host.errors.contains("9 of 9 nodes have no device that could be read: n0, n1, n2, n3, n4, …"))
  }

  @Test func `standard output that cannot be written is said`() {
    let host = FakeHost()
    (host.input, host.isStandardOutputBroken) = (bytes("gpu_session_count{gpu=\"0\"} 0"), true)
    #expect(run(["show", "--from", "-"], host.host) == .cannotCreate)
  }

  @Test(arguments: [
    "--nvidia-smi=x", "--timeout=5", "--host-root=/x", "--proc=/x", "--kubelet-root=/x", "--no-user-label",
    "--mig-utilization",
  ])
  func `options of a collection are wrong usage`(option: String) {
    let host = FakeHost()
    #expect(run(["show", "--from", "-", option], host.host) == .usage)
    #expect(host.errors.contains("cannot be used with --from") && host.inputs.isEmpty)
  }

  @Test(arguments: ["9500000000", "NaN", "1e300", "-1"])
  func `a moment that cannot be is no trap`(moment: String) {
    let page = bytes("gpu_session_count{gpu=\"0\"} 0", "gpu_session_collector_last_run_timestamp_seconds \(moment)")
    let (status, _, host) = shown(page, "-")
    #expect(status == .success && host.errors.contains("line 2 was left out"))
  }

  @Test func `a moment far ahead is no age`() {
    let page = bytes(
      "gpu_session_count{gpu=\"0\"} 0", "gpu_session_collector_last_run_timestamp_seconds 4000000000")
    #expect(shown(page, "-", "--json").text.contains("\"age_seconds\": null,\n  \"stale\": null"))
  }

  @Test func `filters leave out nodes on which nothing matches`() {
    func session(_ node: String, _ pid: Int, _ pod: String) -> String {
      "gpu_process_info{node=\"\(node)\",gpu=\"0\",pid=\"\(pid)\",pod=\"\(pod)\",namespace=\"ml\",status=\"active\","
        + "pod_uid=\"02e80cad-3085-4297-89fa-bef683c3d2f6\"} 1"
    }
    let page = bytes(
      session("a", 1, "train-0"), session("a", 2, "other"), session("b", 3, "other"),
      "gpu_session_collector_success{node=\"c\"} 0")
    let (status, text, _) = shown(page, "-", "--pod", "train-0")
    #expect(status == .success && text.contains("ml/train-0") && !text.contains("other"))
    #expect(text.contains("node a") && !text.contains("node b") && text.contains("node c"))
    let none = shown(page, "-", "--pod", "gone", "--json")
    #expect(none.status == .success && !none.text.contains("\"node\": \"a\""))
    #expect(none.host.errors.contains("warning: nothing matches --pod gone\n"))
    let lines = shown(page, "-", "--gpu", "0").text.split(separator: "\n")
    #expect(lines.count { $0.contains("ml/other") } == 2)
  }

  @Test func `a file must be named, and collect has no such option`() {
    #expect(run(["show", "--from", ""], FakeHost().host) == .usage)
    #expect(run(["--from", "x"], FakeHost().host) == .usage)
    let host = FakeHost()
    host.environment = ["GPU_SESSIONS_FROM": "y", "GPU_SESSIONS_HOST_ROOT": "/host"]
    #expect(run(["show"], host.host) == .failure && host.inputs == [.file("y")])
  }
}
