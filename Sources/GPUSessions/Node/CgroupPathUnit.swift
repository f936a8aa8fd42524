/// Machines, systemd units, sessions and users of a path.
extension CgroupPath {
  /// Sets the names of an LXC container and of a systemd machine, and the runtime if no container has set it.
  ///
  /// Only names before `end` are read.
  func readMachine(into identity: inout CgroupIdentity, before end: Int) {
    readLXC(into: &identity, before: end)
    guard let machine = (0..<end).lazy.compactMap({ machine(at: $0) }).first else { return }
    identity.machine = machine.name
    if identity.containerID == nil { identity.runtime = machine.runtime }
  }

  /// Reads the name of an LXC container, and `lxc.monitor.<name>`.
  private func readLXC(into identity: inout CgroupIdentity, before end: Int) {
    for index in 0..<end where identity.lxc == nil {
      if let lxc = lxc(at: index) {
        identity.lxc = lxc.name.text
      } else if segments[index].starts(with: "lxc.monitor"), identity.podUID == nil, identity.containerID == nil {
        identity.role = .lxcMonitor
      }
    }
    if identity.lxc != nil, identity.containerID == nil { identity.runtime = .lxc }
  }

  /// The LXC container whose cgroup begins at this segment, and the index behind it: `lxc.payload.<name>`,
  /// `lxc.payload/<name>`, and `lxc/<name>` at the place of a unit; `nil` for other segments.
  private func lxc(at index: Int) -> (name: ArraySlice<UInt8>, end: Int)? {
    let segment = segments[index]
    if segment.starts(with: "lxc.payload.") { return (segment.dropFirst(12), index + 1) }
    let isRoot = segment.equals("lxc.payload") || (segment.equals("lxc") && index == sliceCount)
    return isRoot && index + 1 < segments.count ? (segments[index + 1], index + 2) : nil
  }

  /// The index behind the LXC container or machine whose cgroup begins at this segment; `nil` if none does.
  func endOfMachine(at index: Int) -> Int? {
    if let lxc = lxc(at: index) { return lxc.end }
    return machine(at: index) != nil ? index + 1 : nil
  }

  /// Sets the user of the slice and, unless a pod, container, job or machine owns the process, its session or unit.
  func readUnit(into identity: inout CgroupIdentity) {
    let unit = segment(sliceCount)
    identity.uid = userOfSlices ?? userOfManager(unit)
    let isOwned =
      identity.podUID != nil || identity.containerID != nil || identity.hasBatchJob
      || identity.role != nil || identity.lxc != nil || identity.machine != nil
    if isOwned || !isUnit(unit) || isTransient(unit) { return }
    if identity.uid != nil, unit.starts(with: "session-"), unit.ends(with: ".scope") {
      identity.session = unit.dropFirst(8).dropLast(6).text
    } else if userOfManager(unit) != nil, let own = userUnit, isUnit(own) {
      if isTransient(own) { return }
      identity.userUnit = unitName(own)
    } else {
      identity.unit = unitName(unit)
    }
  }

  /// Whether the unit is a scope that gets a new name each time: `podman-<pid>.scope` of podman's cgroupfs manager, and those of
  /// systemd-run(1), `run-u<n>.scope`, `run-r<hex>.scope` and, since version 256, `run-p<pid>-i<n>.scope`.
  private func isTransient(_ unit: ArraySlice<UInt8>) -> Bool {
    guard unit.ends(with: ".scope") else { return false }
    let name = unit.dropLast(6)
    if name.starts(with: "podman-") { return name.dropFirst(7).decimal != nil }
    return name.starts(with: "run-") && name.dropFirst(5).contains(where: isDigit)
      && name.dropFirst(5).allSatisfy { isHexDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "i") }
      && ["u", "r", "p"].contains { name.dropFirst(4).starts(with: $0) }
  }

  /// The user of the deepest `user-<uid>.slice` among the slices at the start.
  private var userOfSlices: UInt32? {
    for segment in segments.prefix(sliceCount).reversed() {
      if let user = userOfSlice(segment) { return user }
    }
    return nil
  }

  /// The first segment below `user@<uid>.service` that is no slice.
  private var userUnit: ArraySlice<UInt8>? {
    segments.dropFirst(sliceCount + 1).first { !isSlice($0) }
  }
}

/// The user of a `user-<uid>.slice`; `nil` for every other segment.
func userOfSlice(_ segment: ArraySlice<UInt8>) -> UInt32? {
  guard segment.starts(with: "user-"), isSlice(segment) else { return nil }
  return segment.dropFirst(5).dropLast(6).decimal.flatMap { UInt32(exactly: $0) }
}

/// Whether the segment is named like a systemd unit that holds processes.
private func isUnit(_ segment: ArraySlice<UInt8>) -> Bool {
  unitSuffixes.contains { segment.ends(with: $0) }
}

private let unitSuffixes = [".service", ".scope", ".mount", ".socket", ".swap"]

/// The unit's name without the `_` that systemd puts before a name that would look like a kernel file.
private func unitName(_ segment: ArraySlice<UInt8>) -> String {
  (segment.first == UInt8(ascii: "_") ? segment.dropFirst() : segment).text
}

/// The bytes with each `\xHH` of systemd-escape(1) replaced by its byte. Anything else that has a `\` stays.
func undoingSystemdEscapes(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
  // Nearly no name has an escape.
  if bytes.position(of: UInt8(ascii: "\\")) == nil { return Array(bytes) }
  var result: [UInt8] = []
  var rest = bytes
  while let byte = rest.first {
    let digits = rest.dropFirst(2).prefix(2)
    if rest.starts(with: "\\x"), digits.count == 2, digits.isHex, let value = UInt8(digits.text, radix: 16) {
      result.append(value)
      rest = rest.dropFirst(4)
    } else {
      result.append(byte)
      rest = rest.dropFirst()
    }
  }
  return result
}
