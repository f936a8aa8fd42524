import GPUSessions
import Testing

@Suite struct CgroupUnitTests {
  private func identity(_ text: String) -> CgroupIdentity { cgroupIdentity(Array(text.utf8)) }

  @Test(arguments: [
    ("0::/system.slice/ollama.service", "ollama.service"),
    ("0::/system.slice/system-postgresql.slice/postgresql@9.4-main.service", "postgresql@9.4-main.service"),
    ("0::/user.slice/user-1000.slice/session-3.scope", "session-3.scope"),
    ("0::/user.slice/user-1000.slice/user@1000.service/app.slice/a.scope", "a.scope"),
    ("0::/user.slice/user-1101.slice/oar-1337.service", "oar-1337.service"),
    ("0::/pbs_jobs.service/jobid/4242.pbsserver", "4242.pbsserver"),
    ("0::/system.slice/htcondor/condor_var_lib_condor_execute_slot1_23@node7", "slot1_23@node7"),
    // The systemd line repeats the path of a controller and wins nevertheless.
    (
      "9:memory:/init.scope\n8:devices:/system.slice/a.service\n1:name=systemd:/system.slice/a.service", "a.service"
    ),
  ])
  func unitsOfTheNode(cgroup: String, unit: String) {
    #expect(identity(cgroup).unitLabel == unit)
    #expect(!identity(cgroup).isContained && identity(cgroup).isPlacedOnNode)
  }

  @Test(arguments: [
    "0::/system.slice/docker-kind-worker.scope/init.scope",
    "0::/system.slice/docker-\(CgroupFileTests.id).scope",
    "0::/\(CgroupFileTests.slice)/cri-containerd-\(CgroupFileTests.id).scope",
    "0::/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-\(CgroupFileTests.id).scope",
    "0::/user.slice/user-1000.slice/user@1000.service/user.slice/docker-dev.scope",
    "0::/lxc.payload.db/system.slice/a.service", "0::/machine.slice/systemd-nspawn@db.service/payload",
    "2:cpu:/\(CgroupFileTests.slice)\n0::/\(CgroupFileTests.otherSlice)",
  ])
  func containersHaveNoUnit(cgroup: String) {
    #expect(identity(cgroup).unitLabel == nil)
    #expect(identity(cgroup).isContained)
  }

  @Test func aJobIsNoUnit() {
    let job = identity("0::/system.slice/slurmstepd.scope/job_7/step_0/user/task_0")
    #expect(job.unitLabel == nil && !job.isContained && job.isPlacedOnNode)
    #expect(identity("0::/").unitLabel == nil && !identity("0::/").isPlacedOnNode)
  }
}
