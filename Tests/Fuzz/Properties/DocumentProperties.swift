import GPUSessions

/// `nvidia-smi -q -x`, whole, cut or forged.
func checkDocument(_ input: [UInt8], _ findings: inout Findings) {
  checkScanner(input, &findings)
  let document = MIGDocument(input)
  var (instances, processes) = (0, 0)
  for gpu in document.gpus {
    findings.require(
      gpu.processes.allSatisfy { $0.pid > 0 && $0.type?.isEmpty != true }, "PIDs and types are right")
    let ids = gpu.instances.map(\.id)
    findings.require(
      gpu.instances.allSatisfy { $0.deviceIndex >= 0 && $0.id.gpuInstance >= 0 && $0.id.computeInstance >= 0 },
      "the numbers of an instance are not negative")
    findings.require(!hasDuplicates(ids), "an instance is there once")
    instances += gpu.instances.count
    processes += gpu.processes.count
  }
  let (whole, rows) = countWholeGPUs(input)
  findings.require(document.gpus.count == whole, "whole GPUs are given and no others")
  let malformed = document.gpus.reduce(0) { $0 + $1.malformedRows }
  findings.require(instances + processes + malformed <= rows, "nothing is there that the document does not have")
  findings.require(
    rows == 0 || instances + processes + malformed > 0 || document.gpus.contains { $0.unreadableReason != nil },
    "no row is lost")
  // A document that is cut loses its last GPU and changes none before it.
  for share in 1..<4 {
    let cut = MIGDocument(Array(input[..<(input.count * share / 4)]))
    findings.require(
      cut.gpus.count <= document.gpus.count && zip(cut.gpus, document.gpus).allSatisfy(isSame),
      "a cut changes nothing that stands before it")
  }
}

private func isSame(_ left: MIGDocument.GPU, _ right: MIGDocument.GPU) -> Bool {
  left.uuid == right.uuid && left.instances == right.instances && left.processes == right.processes
    && left.unreadableReason == right.unreadableReason && left.malformedRows == right.malformedRows
}

/// Returns how many GPUs were closed, and how many instances and processes directly where they belong in these GPUs.
private func countWholeGPUs(_ input: [UInt8]) -> (gpus: Int, rows: Int) {
  var scanner = XMLScanner(input)
  var (gpus, rows, open) = (0, 0, 0)
  while let element = scanner.next() {
    let path = element.path.dropFirst().map { Array($0).asText }
    if path == ["gpu"] {
      gpus += 1
      rows += open
      open = 0
    } else if path == ["gpu", "processes", "process_info"] || path == ["gpu", "mig_devices", "mig_device"] {
      open += 1
    }
  }
  return (gpus, rows)
}

private func checkScanner(_ input: [UInt8], _ findings: inout Findings) {
  var scanner = XMLScanner(input)
  var count = 0
  while let element = scanner.next() {
    count += 1
    findings.require((1...32).contains(element.path.count), "the depth has a bound")
    findings.require(
      element.path.allSatisfy { name in !name.isEmpty && !name.contains { $0 <= 0x20 || $0 == UInt8(ascii: "/") } },
      "an element has a name")
    let plain = decodingEntities(element.text)
    findings.require(plain.count <= element.text.count, "entities become no longer")
    findings.require(
      element.text.contains(UInt8(ascii: "&")) || plain == Array(element.text), "a text without entities stays")
  }
  findings.require(count <= input.count { $0 == UInt8(ascii: ">") }, "each element has an end of its own")
}
