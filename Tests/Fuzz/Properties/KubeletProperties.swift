import GPUSessions

/// What the kubelet and NVIDIA's driver write down, and the identifiers in it.
let kubeletTargets = [
  FuzzTarget("checkpoint") { input, findings in
    let checkpoint = DevicePluginCheckpoint(input)
    checkDocument(input, checkpoint, { DevicePluginCheckpoint($0) }, &findings)
    findings.require(checkpoint?.bootID?.isEmpty != true, "a boot has an ID or none")
    if let checkpoint { checkSameAsFoundation(checkpoint, input, &findings) }
    for entry in checkpoint?.entries ?? [] {
      findings.require(entry.claimUID == nil, "a device plugin knows no claims")
      for id in entry.deviceIDs { checkDeviceID(id.text, &findings) }
    }
  },
  FuzzTarget("dra") { input, findings in
    let state = DRAState(input)
    checkDocument(input, state, { DRAState($0) }, &findings)
    for claim in state?.claims ?? [] {
      findings.require(claim.podUIDs == Set(claim.podUIDs).sorted(), "pods are sorted and each is there once")
      findings.require(claim.drivers == Set(claim.drivers).sorted(), "drivers are sorted and each is there once")
    }
    checkDocument(input, DRADriverCheckpoint(input), { DRADriverCheckpoint($0) }, &findings)
  },
  FuzzTarget("identifiers") { input, findings in
    checkDeviceID(input.asText, &findings)
    checkProfile(MIGProfile(input[...]), &findings)
    if let job = slurmJobID(title: input) {
      findings.require(
        !job.isEmpty && job.utf8.allSatisfy { (0x30...0x39).contains($0) }, "a job's number is a number")
    }
    if let information = DriverInformation(input) {
      findings.require(information.minor >= 0, "a minor number is not negative")
      findings.require(information.uuid.utf8.starts(with: "GPU-".utf8), "a GPU is named by its UUID")
    }
    // Beyond ASCII a letter in upper case may have another length.
    let bus = LostGPU.longBusID(input.filter { $0 < 0x80 }.asText)
    findings.require(LostGPU.longBusID(bus) == bus, "a bus ID in its long form stays")
  },
]

/// Blanks after a document change nothing; without its last byte it is torn.
func checkDocument<Value: Equatable>(
  _ input: [UInt8], _ value: Value?, _ parse: ([UInt8]) -> Value?, _ findings: inout Findings
) {
  findings.require(parse(input + [0x20, 0x0A]) == value, "blanks at the end change nothing")
  if value == nil { return }
  let torn = input.prefix((input.lastIndex { $0 != 0x0A && !isBlank($0) }) ?? 0)
  findings.require(parse(Array(torn)) == nil, "a torn document is none")
}

/// Foundation's decoder must find the same entries in the same document.
private func checkSameAsFoundation(
  _ checkpoint: DevicePluginCheckpoint, _ input: [UInt8], _ findings: inout Findings
) {
  struct Document: Decodable {
    struct Data: Decodable { var PodDeviceEntries: [Entry]? }
    struct Entry: Decodable { var PodUID, ContainerName, ResourceName: String }
    var Data: Data
  }
  guard let document = decodeJSON(Document.self, from: input) else {
    // Foundation refuses half a pair of surrogates also in a text that nobody asks for, Go and this program do not.
    return findings.require(hasSurrogateEscape(input), "Foundation refuses only what no Unicode spells")
  }
  let entries = document.Data.PodDeviceEntries ?? []
  findings.require(entries.count == checkpoint.entries.count, "a checkpoint has all its entries")
  for (entry, own) in zip(entries, checkpoint.entries) {
    let isSame =
      PodUID(entry.PodUID) == own.podUID
      && entry.ContainerName.utf8.elementsEqual(own.containerName.utf8)
      && entry.ResourceName.utf8.elementsEqual(own.resourceName.utf8)
    findings.require(isSame, "an entry says what stands there")
  }
}

/// Whether there is an escape from `\ud800` to `\udfff`.
private func hasSurrogateEscape(_ input: [UInt8]) -> Bool {
  input.indices.dropLast(3).contains { index in
    let escape = input[index..<(index + 4)].map { $0 | 0x20 }
    return escape.starts(with: [UInt8(ascii: "\\") | 0x20, UInt8(ascii: "u"), UInt8(ascii: "d")])
      && "89abcdef".utf8.contains(escape[3])
  }
}

private func checkDeviceID(_ text: String, _ findings: inout Findings) {
  switch PluginDeviceID(text) {
  case .minor(let minor, let gpuInstance):
    findings.require(minor >= 0 && gpuInstance ?? 0 >= 0, "numbers are not negative")
  case .uuid(let uuid):
    findings.require(PluginDeviceID(uuid) == .uuid(uuid), "a UUID without its replica names the same device")
    // A colon at its end would be the first of the two.
    findings.require(
      uuid.last == UInt8(ascii: ":") || PluginDeviceID(uuid + Array("::7".utf8)) == .uuid(uuid),
      "a replica is the same device")
  case .instance(let uuid, let id):
    let plain = "MIG-\(uuid)/\(id.gpuInstance)/\(id.computeInstance)"
    findings.require(
      PluginDeviceID(plain) == .instance(gpuUUID: uuid, id), "an instance without its replica is the same")
  case .unrecognized, nil: break
  }
}
