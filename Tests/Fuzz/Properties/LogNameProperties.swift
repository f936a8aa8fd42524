import GPUSessions

/// `/var/log/pods` and `/var/log/containers`: lines are names of directories, or link and target around a tab.
let logNamesTarget = FuzzTarget("logs") { input, findings in
  var directories: [[UInt8]] = []
  var links: [Link] = []
  for line in input.split(separator: UInt8(ascii: "\n")) {
    let parts = line.split(separator: UInt8(ascii: "\t"), maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count == 2 {
      links.append(Link(name: Array(parts[0]), target: Array(parts[1])))
    } else {
      directories.append(Array(line))
    }
  }
  var names = logNames(directories, links)
  var reversed = logNames(directories.reversed(), links.reversed())
  for text in uids(directories, links) {
    guard let uid = PodUID(text) else { continue }
    findings.require(uid.text == text, "a UID is spelled as it was")
    findings.require(names.pod(uid) == reversed.pod(uid), "the order of a directory does not matter")
    findings.require(!names.isAmbiguous(uid) || names.pod(uid) == nil, "of two names none is given")
    guard let pod = names.pod(uid) else { continue }
    checkPodName(pod, &findings)
    findings.require(occurs("\(pod.namespace)_\(pod.name)_\(text)".utf8, in: input), "a pod is named as printed")
    for id in links.map({ containerID($0.name) }) + ["", "x"] {
      let container = names.container(podUID: uid, containerID: id)
      findings.require(
        container == reversed.container(podUID: uid, containerID: id), "the order of a directory does not matter")
      guard let container else { continue }
      findings.require(isLabel(container), "a container has the form of a name")
      findings.require(
        occurs("_\(text)/\(container)/".utf8, in: withoutEmptyLevels(input))
          || occurs("\(pod.name)_\(pod.namespace)_\(container)-\(id).log".utf8, in: input),
        "a container is as printed")
    }
  }
}

private struct Link {
  var name: [UInt8]
  var target: [UInt8]
}

/// Of two links with one name there is the lesser, whatever their order: a directory has each name once.
private func logNames(_ directories: [[UInt8]], _ links: [Link]) -> PodLogIndex {
  let targets = Dictionary(links.map { ($0.name, $0.target) }) { $0.lexicographicallyPrecedes($1) ? $0 : $1 }
  return PodLogIndex(
    podDirectories: directories.map { $0[...] }, linkNames: links.map { $0.name[...] },
    target: { targets[Array($0)].map { .bytes($0) } ?? .absent })
}

/// Slashes in a row as one.
private func withoutEmptyLevels(_ bytes: [UInt8]) -> [UInt8] {
  let slash = UInt8(ascii: "/")
  return zip(bytes, bytes.dropFirst() + [0]).filter { $0 != slash || $1 != slash }.map(\.0)
}

/// What stands after a last `_` before the end or a slash, where a pod's UID may be.
private func uids(_ directories: [[UInt8]], _ links: [Link]) -> Set<String> {
  var found: Set<String> = []
  for name in directories + links.flatMap({ $0.target.split(separator: UInt8(ascii: "/")).map(Array.init) }) {
    if let underscore = name.lastIndex(of: UInt8(ascii: "_")) {
      found.insert(Array(name[(underscore + 1)...]).asText)
    }
  }
  return found
}

/// The 64 bytes before `.log`.
private func containerID(_ link: [UInt8]) -> String { Array(link.dropLast(4).suffix(64)).asText }

func checkPodName(_ pod: PodName, _ findings: inout Findings) {
  findings.require(isLabel(pod.namespace), "a namespace has the form of a name")
  findings.require(
    pod.name.utf8.count <= 253 && pod.name.utf8.allSatisfy { isLabelByte($0) || $0 == UInt8(ascii: ".") },
    "a pod has the form of a name")
}

/// A DNS label, as far as a label of a sample is concerned.
func isLabel(_ name: String) -> Bool { (1...63).contains(name.utf8.count) && name.utf8.allSatisfy(isLabelByte) }

private func isLabelByte(_ byte: UInt8) -> Bool {
  (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-")
}
