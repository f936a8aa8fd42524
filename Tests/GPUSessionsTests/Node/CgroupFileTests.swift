import GPUSessions
import Testing

@Suite struct CgroupFileTests {
  static let id = String(repeating: "0123456789abcdef", count: 4)
  static let otherID = String(repeating: "f", count: 64)
  static let uid = "7922aa99-d4aa-4885-a953-82976860b23a"
  static let slice = "kubepods-burstable-pod7922aa99_d4aa_4885_a953_82976860b23a.slice"
  static let otherSlice = "kubepods-podeab5a334_93fe_48a8_b139_9e8079c1f163.slice"

  private func identity(_ text: String) -> CgroupIdentity { cgroupIdentity(Array(text.utf8)) }

  @Test(arguments: CgroupVector.all) func vector(vector: CgroupVector) {
    let told = cgroupIdentity(vector.file)
    // Where the path shows a pod below a container of the host, the vector is of the pod.
    let found = told.ofInnerPod ?? told
    #expect(found.podUID?.text ?? "-" == vector.podUID)
    #expect(found.containerID ?? "-" == vector.containerID)
    #expect(found.runtime?.rawValue ?? "-" == vector.runtime)
    #expect(rendered(found) == vector.other)
    #expect(!found.isConflicting)
  }

  @Test func allVectorsAreThere() {
    #expect(CgroupVector.all.count == 108)
  }

  @Test(arguments: ["", "\n\n", "no colons here", ":", "::", "a::/x.service", "0:", "0::", "0::/"])
  func nothingIsTold(text: String) {
    #expect(identity(text) == CgroupIdentity())
  }

  @Test func takesAnyBytes() {
    #expect(cgroupIdentity((0..<65_536).map { UInt8(truncatingIfNeeded: $0 &* 131) }).podUID == nil)
    let long = Array("0::/".utf8) + [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
    #expect(cgroupIdentity(long) == CgroupIdentity())
    let deep = Array("0::".utf8) + [UInt8](repeating: UInt8(ascii: "/"), count: 1_000_000)
    #expect(cgroupIdentity(deep) == CgroupIdentity())
    let ids = Array(("0::/" + String(repeating: "/pod/.slice/user@1.service/::", count: 30_000)).utf8)
    #expect(cgroupIdentity(ids).containerID == nil)
    let many = String(repeating: "0::/a/b.slice\n1:cpu:/c\n", count: 40_000)
    #expect(identity(many).podUID == nil)
  }

  @Test func everyCutOfEveryVectorIsTaken() {
    for vector in CgroupVector.all where vector.file.count < 400 {
      for length in 0..<vector.file.count {
        let found = cgroupIdentity(Array(vector.file[..<length]))
        #expect(found.podUID == nil || found.podUID?.text == vector.podUID)
      }
    }
  }

  @Test func twoPodsOnTwoLinesAreAConflict() {
    let found = identity("2:cpu:/\(Self.slice)/crio-\(Self.id).scope\n0::/\(Self.otherSlice)")
    var expected = CgroupIdentity()
    expected.isConflicting = true
    #expect(found == expected)
    // The same UID in the other spelling is none.
    #expect(identity("2:cpu:/\(Self.slice)\n0::/kubepods/pod\(Self.uid)").podUID?.text == Self.uid)
  }

  @Test func aForgedPodBelowACgroupDriverPodLoses() {
    let forged = "\(Self.otherSlice)/docker-\(Self.otherID).scope"
    let found = identity("0::/kubepods/pod\(Self.uid)/\(Self.id)/\(forged)")
    #expect(found.podUID?.text == Self.uid)
    #expect(found.containerID == Self.id)
    #expect(found.runtime == nil)
  }

  @Test func aUsersOwnSystemdNamesNoPodsJobsOrMachines() {
    let own = "0::/user.slice/user-1000.slice/user@1000.service"
    let pod = identity("\(own)/\(Self.slice)/cri-containerd-\(Self.id).scope")
    #expect(pod.podUID == nil && pod.containerID == Self.id && pod.isRootless)
    let job = identity("\(own)/slurmstepd.scope/job_31/step_0/user/task_0")
    #expect(job.slurmJobID == nil && job.userUnit == "slurmstepd.scope" && job.uid == 1000)
    #expect(identity("\(own)/lxc.payload.db").lxc == nil)
    #expect(identity("\(own)/machine-a.scope/payload").machine == nil)
    #expect(!identity("0::/system.slice/docker-\(Self.id).scope").isRootless)
  }

  @Test func noJobIsTakenFromBelowAContainer() {
    let found = identity("0::/docker/\(Self.id)/system.slice/slurmstepd.scope/job_31/step_0")
    #expect(found.containerID == Self.id && found.slurmJobID == nil)
  }

  @Test(arguments: [
    "/\(id)0", "/x\(id)", "/a_\(id)", "/docker-\(id).slice", "/docker-\(id).scopes", "/docker-\(id)-x.scope",
    "/machine.slice/machine-libpod_pod_\(id).slice", "/\(id.uppercased())", "/a:b:c:\(id)", "/a:\(id)",
  ])
  func noContainerID(path: String) {
    #expect(identity("0::\(path)").containerID == nil)
  }

  @Test(arguments: ["libpod", "crio"]) func monitorsAreNoContainers(owner: String) {
    let found = identity("0::/\(Self.slice)/\(owner)-conmon-\(Self.id).scope/\(Self.otherID)")
    #expect(found.podUID?.text == Self.uid && found.containerID == nil && found.role == .conmon)
  }

  @Test(arguments: [
    "podx", "pod", "pod7922aa99d4aa4885a95382976860b23", "pod7922aa99-d4aa-4885-a953_82976860b2-a",
    "xpod\(uid)", "pod\(uid).slice", "kubepods-pod\(uid)", "kubepods-pod\(uid).scope", "\(slice):a",
    "-pod.slice",
  ])
  func noPod(segment: String) {
    #expect(identity("0::/kubepods/\(segment)/\(Self.id)").podUID == nil)
  }

  @Test(arguments: ["", "/..", "/../../..", "../..", "..", "/../kubepods"])
  func aPathIsRelativeToTheReader(start: String) {
    let found = identity("0::\(start)/pod\(Self.uid)/\(Self.id)")
    #expect(found.podUID?.text == Self.uid && found.containerID == Self.id)
    #expect(identity("0::\(start)") == CgroupIdentity())
  }

  @Test func aStepsPathHasNoLeadingLevels() {
    let step = "system.slice/n_slurmstepd.scope/job_31/step_0"
    #expect(identity("0::/../..//\(step)//user/task_0").slurmStepPath == step)
    #expect(identity("0::/../..//\(step) (deleted)").slurmStepPath == step)
  }

  @Test func systemdKnowsTheUnit() {
    let found = identity(
      "2:cpu:/init.scope\n1:name=systemd:/system.slice/a.service\n0::/system.slice/b.service")
    #expect(found.unit == "a.service")
    #expect(identity("1:name=systemd:/\n0::/system.slice/_cpu.service").unit == "cpu.service")
    #expect(identity("2:cpu:/user.slice/user-5.slice\n0::/init.scope").unit == "init.scope")
  }

  @Test func machines() {
    #expect(identity("0::/machine.slice/systemd-nspawn@a\\x2db.service/payload").machine == "a-b")
    let qemu = identity("0::/machine.slice/machine-qemu\\x2d2\\x2dvm\\x2d1.scope/libvirt")
    #expect(qemu.machine == "vm-1" && qemu.runtime == nil)
    #expect(identity("0::/machine.slice/machine-\\x2.scope/payload").machine == "\\x2")
    #expect(identity("0::/machine.slice/machine-.scope").unit == "machine-.scope")
  }

  @Test func `a task of ECS below a pod gives it no container`() {
    let task = Self.id.prefix(32)
    let pod = "0::/kubepods/pod\(Self.uid)"
    #expect(identity(pod + "/ecs/\(task)/\(task)-1") == identity(pod))
    #expect(identity("0::/ecs/\(task)/\(task)-1").containerID == "\(task)-1")
  }

  @Test func jobsNeedTheirWholeForm() {
    for path in [
      "slurm", "slurm/uid_1", "slurm/job_", "slurm/job_1x", "slurmstepd.scope/s5K1KKYAYG5D0",
      "slurmstepd.scope/s5K1KKYAYG5DOO", "pbs_jobs.service/jobid", "condor_x", "ecs/\(Self.id)", "ecs",
    ] {
      #expect(!identity("0::/\(path)").hasBatchJob, "\(path)")
    }
    let overflow = identity("0::/slurm/uid_99999999999/job_1/step_")
    #expect(overflow.slurmJobID == "1" && overflow.slurmStepPath == nil)
    #expect(identity("0::/slurm/job_7/step_1+0/slurm").role == .slurmstepd)
  }

  @Test func ofLinesThatSayAsMuchTheFirstCounts() {
    let (one, two) = (String(repeating: "1", count: 64), String(repeating: "2", count: 64))
    for (first, second) in [(one, two), (two, one)] {
      let file =
        "3:cpu:/kubepods/pod\(FakeHost.podUID)/\(first)\n2:memory:/kubepods/pod\(FakeHost.podUID)/\(second)\n"
      #expect(cgroupIdentity(octets(file)).containerID == first)
    }
  }
}

/// One line of `Tests/Vectors/cgroup.tsv`.
struct CgroupVector: Sendable, CustomTestStringConvertible {
  var source: String
  var file: [UInt8]
  var podUID, containerID, runtime, other: String

  static let all: [CgroupVector] = readBytes("Tests/Vectors/cgroup.tsv").lines().compactMap { line in
    let fields = line.fields(separatedBy: UInt8(ascii: "\t")).map(\.text)
    guard fields.count == 6, !line.starts(with: "#") else { return nil }
    return CgroupVector(
      source: fields[0], file: Array(withNewlines(fields[1]).utf8), podUID: fields[2], containerID: fields[3],
      runtime: fields[4], other: fields[5])
  }

  var testDescription: String { source }
}

/// The text with each `\n` of two characters made a newline.
private func withNewlines(_ text: String) -> String {
  var lines: [String] = [""]
  var rest = text[...]
  while let first = rest.first {
    if rest.hasPrefix("\\n") {
      lines.append("")
      rest = rest.dropFirst(2)
    } else {
      lines[lines.count - 1].append(first)
      rest = rest.dropFirst()
    }
  }
  return lines.joined(separator: "\n") + "\n"
}

/// The fields as the last column of the vectors spells them.
private func rendered(_ identity: CgroupIdentity) -> String {
  let fields: [(String, String?)] = [
    ("ecs_task", identity.ecsTask),
    ("htcondor_slot", identity.htcondorSlot),
    ("lxc", identity.lxc),
    ("machine", identity.machine),
    ("pbs_job", identity.pbsJob),
    ("role", identity.role?.rawValue),
    ("session", identity.session),
    ("slurm_job", identity.slurmJobID),
    ("slurm_sluid", identity.slurmSLUID),
    ("slurm_step_path", identity.slurmStepPath),
    ("uid", identity.uid.map { String($0) }),
    ("unit", identity.unit),
    ("user_unit", identity.userUnit),
  ]
  let told = fields.compactMap { name, value in value.map { "\(name)=\($0)" } }
  return told.isEmpty ? "-" : told.joined(separator: ";")
}
