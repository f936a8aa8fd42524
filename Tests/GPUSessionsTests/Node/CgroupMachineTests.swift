import Testing

@testable import GPUSessions

/// Virtual machines without a scope of systemd-machined's, and what the users of batch jobs name.
@Suite struct CgroupMachineTests {
  private let id = FakeHost.containerID

  private func identity(_ line: String) -> CgroupIdentity { cgroupIdentity(octets(line + "\n")) }

  @Test(arguments: [
    ("/qemu.slice/101.scope", "101"), ("/machine.slice/systemd-vmspawn@a\\x2db.service", "a-b"),
    ("/machine/qemu-1-instance-00000025.libvirt-qemu/emulator", "instance-00000025"),
    ("/../../machine/instance-000065d7.libvirt-qemu", "instance-000065d7"),
    ("/a.partition/b.partition/qemu-x.libvirt-qemu/vcpu0", "qemu-x"),
    ("/machine.slice/machine/lxc-12-box.libvirt-lxc", "box"),
  ])
  func `machines that libvirt and systemd have not made a scope for`(path: String, name: String) {
    let found = identity("0::\(path)")
    #expect(found.machine == name && found.unitLabel == nil && found.isInContainer)
  }

  @Test(arguments: [
    "kubepods/pod\(String(repeating: "a1", count: 16))/ID", "docker-ID.scope", "ID", "lxc.payload.db",
    "slurm/job_7",
    "ecs/\(String(repeating: "a1", count: 16))", "libpod-conmon-ID.scope",
  ])
  func `what the user of an HTCondor job names below its slot is not read`(below: String) {
    let slot = "/system.slice/htcondor/condor_var_lib_condor_execute_slot1_23@host"
    var expected = CgroupIdentity()
    expected.htcondorSlot = "slot1_23@host"
    #expect(identity("0::\(slot)/\(below.replacing("ID", with: id))") == expected)
    #expect(identity("0::/docker/\(id)\(slot)/lxc.payload.db").containerID == id)
  }

  @Test(arguments: [
    "/qemu.slice/a.scope", "/qemu.slice/101.service", "/system.slice/101.scope", "/a.libvirt-qemu",
    "/system.slice/a.service/machine/b.libvirt-qemu", "/docker/machine/b.libvirt-qemu",
    "/user.slice/user-5.slice/user@5.service/machine/b.libvirt-qemu", "/user.slice/user-5.slice/qemu.slice/1.scope",
  ])
  func `what only looks like a machine is none`(path: String) {
    #expect(identity("0::\(path)").machine == nil)
  }
}
