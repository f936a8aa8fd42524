/// Virtual machines, and containers of systemd and libvirt.
extension CgroupPath {
  typealias Machine = (name: String, runtime: CgroupIdentity.Runtime?)

  /// The machine whose cgroup this segment is; `nil` if it is none's.
  ///
  /// At the place of a unit that is `machine-<name>.scope`, `systemd-nspawn@<name>.service`, `systemd-vmspawn@<name>.service`, and
  /// `<number>.scope` in `qemu.slice`, where Proxmox VE has its machines (qemu-server `PVE/QemuServer.pm`). libvirt without
  /// systemd-machined makes `machine/<name>.libvirt-qemu` (libvirt `src/util/vircgroup.c`).
  func machine(at index: Int) -> Machine? {
    let segment = segments[index]
    if segment.ends(with: ".libvirt-qemu") || segment.ends(with: ".libvirt-lxc") { return domain(at: index) }
    guard index == sliceCount else { return nil }
    if segment.ends(with: ".service") { return service(segment) }
    guard segment.ends(with: ".scope") else { return nil }
    if self.segment(index - 1).equals("qemu.slice") {
      return segment.dropLast(6).decimal.map { _ in (segment.dropLast(6).text, nil) }
    }
    return segment.starts(with: "machine-") && segment.count > 14 ? scope(at: index) : nil
  }

  private func service(_ segment: ArraySlice<UInt8>) -> Machine? {
    let name = segment.dropLast(8)
    if name.starts(with: "systemd-nspawn@") { return (undoingSystemdEscapes(name.dropFirst(15)).text, .nspawn) }
    return name.starts(with: "systemd-vmspawn@") ? (undoingSystemdEscapes(name.dropFirst(16)).text, nil) : nil
  }

  private func scope(at index: Int) -> Machine {
    let name = undoingSystemdEscapes(segments[index].dropFirst(8).dropLast(6))[...]
    let level = segment(index + 1)
    return libvirtName(name) ?? (name.text, level.equals("payload") || level.equals("supervisor") ? .nspawn : nil)
  }

  /// Nothing but `machine` and partitions may lie above a domain: what is below a service may be the service's own.
  private func domain(at index: Int) -> Machine? {
    guard index > sliceCount,
      segments[sliceCount..<index].allSatisfy({ $0.equals("machine") || $0.ends(with: ".partition") })
    else { return nil }
    let isLXC = segments[index].ends(with: ".libvirt-lxc")
    let name = segments[index].dropLast(isLXC ? 12 : 13)
    return libvirtName(name) ?? (name.text, isLXC ? .libvirtLXC : nil)
  }
}

/// The name behind the `lxc-<n>-` or `qemu-<n>-` that libvirt puts before it; `nil` without these.
private func libvirtName(_ name: ArraySlice<UInt8>) -> CgroupPath.Machine? {
  let parts = name.fields(separatedBy: UInt8(ascii: "-"), maxSplits: 2)
  guard parts.count == 3, !parts[2].isEmpty, parts[1].decimal != nil else { return nil }
  if parts[0].equals("lxc") { return (parts[2].text, .libvirtLXC) }
  return parts[0].equals("qemu") ? (parts[2].text, nil) : nil
}
