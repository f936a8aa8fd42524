import GPUSessions
import Testing

/// Where nvidia-smi's own reason stands: standard error, `show --json` and `check`, whatever is in it.
@Suite struct ReasonTests {
  private let blocked = "Failed to initialize NVML: GPU access blocked by the operating system"
  private let lost = "Unable to determine the device handle for GPU1: 0000:01:00.0: Unknown Error"

  private func node(gpus answer: ChildOutcome) -> FakeHost {
    let node = FakeHost.installed([FakeProcess(pid: 100)])
    node.answers[.gpus] = [answer]
    return node
  }

  private func printed(_ node: FakeHost, _ arguments: String...) -> String {
    _ = run(arguments, node.host)
    return String(decoding: node.output[.standardOutput] ?? [], as: UTF8.self)
  }

  private func partial() -> FakeHost { node(gpus: .text(FakeGPU.table([.init(index: 0)]) + lost + "\n")) }

  @Test(arguments: [[], ["--verbose"], ["--quiet"], ["show"], ["show", "--json"]])
  func `the error sentence has it`(arguments: [String]) {
    let node = node(gpus: .text(blocked + "\n", exit: 255))
    #expect(run(arguments, node.host) == .failure)
    let sentence = CollectionFailure.nvml(.blocked).sentence(reason: blocked)
    #expect(node.errors.hasPrefix("gpu-sessions: error: \(sentence)\n"))
    #expect(sentence.contains("; nvidia-smi says \"\(blocked)\" ("))
  }

  @Test func `the object has it, and the whole sentence`() {
    let text = printed(node(gpus: .text(blocked + "\n", exit: 255)), "show", "--json")
    let sentence = CollectionFailure.nvml(.blocked).sentence(reason: blocked).replacing("\"", with: "\\\"")
    #expect(text.contains("\"failure\": \"\(sentence)\""))
    #expect(text.contains("\"meaning\": \"\(sentence)\""))
    #expect(text.contains("\"reason\": \"\(blocked)\""))
    let quiet = printed(node(gpus: ChildOutcome(end: .deadline)), "show", "--json")
    #expect(quiet.contains("\"reason\": null") && !quiet.contains("\"failure\": null"))
  }

  @Test func `check has it`() throws {
    let node = node(gpus: .text(blocked + "\n", exit: 255))
    #expect(says(try node.finding("answer"), .fail, "; nvidia-smi says \"\(blocked)\"", advice: "wsl --shutdown"))
    let text = printed(node, "check", "--json")
    #expect(text.contains("\"advice\": \"\(CollectionFailure.nvml(.blocked).remedy)\""))
    #expect(says(try partial().finding("devices"), .fail, "not readable; nvidia-smi says \"\(lost)\""))
  }

  @Test func `a run that fails in part has the line of the GPU that is lost`() {
    let node = partial()
    #expect(run([], node.host) == .success)
    #expect(
      node.errors == "gpu-sessions: warning: GPU 1 (00000000:01:00.0) does not answer nvidia-smi;"
        + " nvidia-smi says \"\(lost)\"\n")
    let text = printed(partial(), "show", "--json")
    #expect(text.contains("\"failure\": null") && text.contains("\"reason\": \"\(lost)\""))
    #expect(printed(FakeHost.installed(), "show", "--json").contains("\"reason\": null"))
  }

  @Test func `a GPU without its figures has the phrase in their place`() {
    let table = FakeGPU.table([.init(index: 0), .init(index: 1)])
    let row = table.replacing("20000 MiB", with: "[GPU requires reset]")
    let all = node(gpus: .text(row))
    #expect(run([], all.host) == .failure)
    let sentence = CollectionFailure.noReadableDevice.sentence(reason: "[GPU requires reset]")
    #expect(all.errors == "gpu-sessions: error: \(sentence)\n")
    let apps = FakeHost.node(gpus: [.init(index: 0), .init(index: 1)], [FakeProcess(pid: 100)])
    apps.answers[.apps]?[0].standardOutput += Array("\(FakeGPU(index: 1).uuid), [Unknown Error], [N/A]\n".utf8)
    #expect(run([], apps.host) == .success)
    #expect(apps.errors.contains("could not be read; nvidia-smi says \"[Unknown Error]\"\n"))
  }

  @Test func `MIG GPUs without a table have the reason why there is none`() throws {
    let node = FakeHost.installed([])
    node.answers[.table] = [.text(blocked + "\n", exit: 255)]
    #expect(says(try node.finding("mig"), .fail, "does not list the instances; nvidia-smi says \"\(blocked)\""))
    #expect(run([], node.host) == .success)
    #expect(node.errors.hasSuffix("could not be read; nvidia-smi says \"\(blocked)\"\n"))
  }

  @Test func `nothing in it breaks a line, reaches the terminal or is without end`() {
    let evil =
      "Failed to initialize NVML: \u{1B}[2J\u{9B}\r\u{202E}\u{2028}" + String(repeating: "x", count: 10_000)
    for arguments in [[], ["show", "--json"], ["check"], ["check", "--json"]] as [[String]] {
      let node = node(gpus: .text(evil + "\ngpu-sessions: error: forged\n", exit: 255))
      #expect(run(arguments, node.host) == .failure)
      for text in [node.errors, String(decoding: node.output[.standardOutput] ?? [], as: UTF8.self)] {
        #expect(!text.contains("forged"))
        #expect(!text.unicodeScalars.contains { $0 != "\n" && $0.properties.generalCategory == .control })
        #expect(!text.unicodeScalars.contains { ["\u{202E}", "\u{2028}"].contains($0) })
        #expect(text.split(separator: "\n").allSatisfy { $0.utf8.count < 1_000 })
      }
    }
  }
}
