import GPUSessions

/// What container runtimes write down. Labels and annotations are in part the workload's choice.
let runtimeTargets = [
  FuzzTarget("oci") { input, findings in
    for parse in [RuntimeRecord.init(containerdBundle:), RuntimeRecord.init(criOBundle:)] {
      let record = parse(input)
      checkDocument(input, record, parse, &findings)
      if let record { checkNames(record, &findings) }
    }
  },
  FuzzTarget("docker") { input, findings in
    let record = RuntimeRecord(dockerConfig: input)
    checkDocument(input, record, RuntimeRecord.init(dockerConfig:), &findings)
    guard let record else { return }
    checkNames(record, &findings)
    findings.require(!record.podUIDs.isEmpty || record.pod == nil, "without a UID a pod is unproven")
  },
  FuzzTarget("conmon", checkConmon),
]

private let stranger = "deadbeef-dead-beef-dead-beefdeadbeef"

/// A record names nobody but the pods it has the UID of.
private func checkNames(_ record: RuntimeRecord, _ findings: inout Findings) {
  for uid in record.podUIDs.prefix(4) + [stranger] {
    guard let pod = PodUID(uid) else { continue }
    switch record.names(podUID: pod) {
    case .pod(let pod, let container):
      findings.require(
        record.podUIDs.allSatisfy { $0.lowercased() == uid.lowercased() }, "a record with another UID names no pod")
      checkPodName(pod, &findings)
      findings.require(container.map(isLabel) ?? true, "a container has the form of a name")
      findings.require(!record.isSandbox || container == nil, "a sandbox is no container")
    case .plain: findings.require(false, "in a pod there are no plain names")
    case .conflict: findings.require(!record.podUIDs.isEmpty, "a conflict has two sides")
    case .unknown: break
    }
  }
  switch record.names(podUID: nil) {
  case .plain(let name):
    findings.require(
      (1...128).contains(name.utf8.count) && name.utf8.allSatisfy { (0x21..<0x7F).contains($0) && $0 != 0x2F },
      "a plain name has the form of one")
  case .unknown: break
  case .pod, .conflict: findings.require(false, "outside of pods there are no pods")
  }
}

/// The input is a command line as in `/proc/PID/cmdline`.
private func checkConmon(_ input: [UInt8], _ findings: inout Findings) {
  let arguments = input.split(separator: 0, omittingEmptySubsequences: false)
  let id = String(repeating: "a1", count: 32)
  if let record = RuntimeRecord(conmon: arguments, containerID: id) {
    checkNames(record, &findings)
    findings.require(occurs(id.utf8, in: input), "conmon names the container itself")
    findings.require(RuntimeRecord(conmon: arguments, containerID: id + "b") == nil, "and no other")
  }
  guard let directory = stateDirectory(ofShim: arguments) else { return }
  findings.require(directory.utf8.first == UInt8(ascii: "/"), "a state directory is absolute")
  findings.require(directory.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }, "a state directory has no controls")
  let levels = directory.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
  findings.require(
    levels.allSatisfy { !$0.isEmpty && !$0.elementsEqual("..".utf8) && !$0.elementsEqual(".".utf8) },
    "a state directory leads nowhere else")
}
