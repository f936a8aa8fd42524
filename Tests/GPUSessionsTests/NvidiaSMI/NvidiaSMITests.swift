import GPUSessions
import Testing

@Suite struct NvidiaSMITests {
  private func located(_ node: FakeHost, option: String? = nil) -> Result<String, CollectionFailure> {
    NvidiaSMI.locate(node.host, option: option)
  }

  @Test func pathComesBeforeTheDriversPlaces() {
    let node = FakeHost.empty()
    node.environment["PATH"] = "/opt/a:/opt/b"
    node.executables = ["/usr/bin/nvidia-smi", "/opt/b/nvidia-smi"]
    #expect(located(node) == .success("/opt/b/nvidia-smi"))
  }

  @Test(arguments: [".", "", "bin", "./bin", "../bin", "bin:."])
  func relativeEntriesOfPathAreSkipped(path: String) {
    let node = FakeHost.empty()
    node.environment["PATH"] = path
    node.executables = [
      "./nvidia-smi", "nvidia-smi", "/nvidia-smi", "bin/nvidia-smi", "./bin/nvidia-smi", "../bin/nvidia-smi",
    ]
    #expect(located(node) == .failure(.nvidiaSMINotFound))
    node.executables.insert("/usr/bin/nvidia-smi")
    #expect(located(node) == .success("/usr/bin/nvidia-smi"))
  }

  @Test(arguments: ["/usr/bin", "/usr/local/nvidia/bin", "/run/nvidia/driver/usr/bin", "/usr/lib/wsl/lib"])
  func driversPlacesAreTriedWithoutPath(directory: String) {
    let node = FakeHost.empty()
    node.executables = [directory + "/nvidia-smi"]
    #expect(located(node) == .success(directory + "/nvidia-smi"))
  }

  @Test func theOptionWinsAndNothingElseIsTried() {
    let node = FakeHost.empty()
    node.environment["PATH"] = "/usr/bin"
    node.executables.insert("/opt/smi")
    #expect(located(node, option: "/opt/smi") == .success("/opt/smi"))
    #expect(located(node, option: "/opt/none") == .failure(.nvidiaSMINotExecutable("/opt/none")))
  }

  @Test func theOptionReachesTheChildren() {
    let node = FakeHost.node([FakeProcess(pid: 100)])
    node.executables.insert("/opt/smi")
    #expect(FakeRun(node, ["--nvidia-smi", "/opt/smi"]).status == .success)
    #expect(node.spawned.flatMap(\.commands).allSatisfy { $0.executable == "/opt/smi" })
  }

  @Test func theEnvironmentVariableIsTheOptionUnlessThatIsGiven() {
    let node = FakeHost.node([FakeProcess(pid: 100)])
    node.executables.formUnion(["/opt/a", "/opt/b"])
    node.environment["GPU_SESSIONS_NVIDIA_SMI"] = "/opt/a"
    _ = FakeRun(node)
    #expect(node.spawned.last?.commands[0].executable == "/opt/a")
    _ = FakeRun(node, ["--nvidia-smi=/opt/b"])
    #expect(node.spawned.last?.commands[0].executable == "/opt/b")
  }

  @Test func queriesAreSpelledAsNvidiaSMIWantsThem() {
    let spelled: [(NvidiaSMI.Query, [String])] = [
      (.gpus(fields: ["index", "uuid"]), ["--query-gpu=index,uuid", "--format=csv"]),
      (.computeApps(fields: ["gpu_uuid", "pid"]), ["--query-compute-apps=gpu_uuid,pid", "--format=csv"]),
      (.pmon(gpus: []), ["pmon", "-c", "1", "-s", "u"]),
      (.pmon(gpus: [0, 12]), ["pmon", "-c", "1", "-s", "u", "-i", "0,12"]),
      (.list, ["-L"]), (.table, []),
    ]
    for (query, arguments) in spelled { #expect(query.arguments == arguments) }
  }

  @Test func theFieldsAskedForHoldTheRequiredOnes() {
    #expect(Set(GPUList.fields).isSuperset(of: GPUList.requiredFields))
    #expect(Set(ProcessList.fields).isSuperset(of: ProcessList.requiredFields))
  }

  @Test func aHostThatAnswersTooLittleIsAFailureAndNoCrash() {
    var host = FakeHost.node([FakeProcess(pid: 100)]).host
    host.spawn = { _, _ in [] }
    let outcome = Pipeline(host: host, options: Options()).run()
    #expect(outcome.failure == .notStarted("/usr/bin/nvidia-smi", errno: 0))
  }
}
