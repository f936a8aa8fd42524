import GPUSessions

/// What `/proc` and `/etc/passwd` say of a process. The name of a process is its own choice, byte for byte.
let processTargets = [
  FuzzTarget("stat", checkStat), FuzzTarget("status", checkStatus), FuzzTarget("passwd", checkPasswd),
]

private func checkStat(_ input: [UInt8], _ findings: inout Findings) {
  if let stat = ProcessStat(input) {
    findings.require(stat.parent >= 0, "a parent is not negative")
    findings.require(stat.state != UInt8(ascii: " "), "a state is a letter")
    findings.require(occurs(stat.comm, in: input), "a name is as printed")
    findings.require(occurs("\(stat.parent)".utf8, in: input), "a parent is as printed")
  }
  // Whatever a process calls itself, in as many bytes as the kernel keeps at most: it changes no other field.
  let name = Array(input.prefix(63))
  let zeros = String(repeating: " 0", count: 17)
  let file = Array("42 (".utf8) + name + Array(") D 17\(zeros) 4711 0 0\n".utf8)
  let stat = ProcessStat(file)
  findings.require(
    stat?.comm == name && stat?.state == UInt8(ascii: "D") && stat?.parent == 17 && stat?.startTicks == 4711,
    "a name changes no other field")
}

private func checkStatus(_ input: [UInt8], _ findings: inout Findings) {
  if let status = ProcessStatus(input) {
    findings.require(occurs("Uid:".utf8, in: input), "a user is as printed")
    findings.require(
      ProcessStatus(input + Array("\nUid:\t1\t1\t1\t1\n".utf8))?.uid == status.uid, "the first user counts")
  }
  // The kernel escapes line feeds, and nothing else that would matter.
  let name = input.filter { $0 != UInt8(ascii: "\n") }
  let rest = "\nUmask:\t0022\nUid:\t4711\t0\t0\t0\nGid:\t0\t0\t0\t0\nNSpid:\t9\t1\n"
  let status = ProcessStatus(Array("Name:\t".utf8) + name + Array(rest.utf8))
  findings.require(status?.uid == 4711 && status?.isInNestedPIDNamespace == true, "a name changes no other field")
}

private func checkPasswd(_ input: [UInt8], _ findings: inout Findings) {
  let uids: Set<UInt32> = [0, 1, 10, 1000, 1001, 65_534, 4_294_967_295]
  let names = userNames(input, of: uids)
  findings.require(uids.isSuperset(of: names.keys), "only users that were asked for")
  for (uid, name) in names {
    findings.require(!name.isEmpty && !name.utf8.contains { $0 == 0x0A || $0 == 0x3A }, "a name is one field")
    findings.require(!"#+-".utf8.contains(name.utf8.first ?? 0), "a comment is no user")
    findings.require(userNames(input, of: [uid]) == [uid: name], "users do not depend on each other")
    let more = Array("\nother:x:\(uid):0::/:/bin/sh\n".utf8)
    findings.require(userNames(input + more, of: uids)[uid] == name, "the first line of a user counts")
  }
}
