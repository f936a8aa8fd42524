import GPUSessions
import Testing

@Suite struct NamesCheckTests {
  private let root = "/sys/fs/cgroup"

  @Test func `names come from somewhere`() throws {
    let node = FakeHost.installed()
    #expect(says(try node.finding("names"), .pass, "/var/log/pods, /var/log/containers"))
    node.directories["/run/containerd"] = .failed(13)
    #expect(says(try node.finding("names"), .pass, "; not readable: /run/containerd"))
    node.directories["/var/log/pods"] = .failed(13)
    node.directories["/var/log/containers"] = nil
    #expect(says(try node.finding("names"), .warn, "1 pod without a name", advice: "root"))
    let idle = FakeHost.installed([])
    idle.setCheckpoint("")
    idle.directories["/var/log/pods"] = .failed(13)
    #expect(says(try idle.finding("names"), .warn, "not readable: /var/log/pods", advice: "root"))
  }

  @Test func `pods without any name, or with two`() throws {
    let node = FakeHost.installed()
    let uid = FakeHost.podUID
    node.directories["/var/log/containers"] = nil
    node.directories["/var/log/pods"] = .names(["team-a_sweep-0_\(uid)", "team-b_planted_\(uid)"])
    #expect(
      says(
        try node.finding("names"), .warn, "two sources contradict each other about 1 pod", advice: "/var/log/pods"))
    node.directories["/var/log/pods"] = .names([])
    #expect(says(try node.finding("names"), .warn, "1 pod without a name in", advice: "/run/containerd"))
    node.directories["/var/log/pods"] = nil
    #expect(says(try node.finding("names"), .warn, "1 pod without a name in", advice: "mount"))
  }

  @Test(arguments: [
    ("/system.slice/docker-ID.scope", "docker info"), ("/libpod-ID.scope", "podman ps"),
    ("/kubepods/podUID/cri-containerd-ID.scope", "/run/containerd"),
    ("/x/ID", "cat /proc/100/cgroup"),
  ])
  func `a container without a name is told, with what its runtime would say`(cgroup: String, advice: String) throws
  {
    let node = FakeHost.installed()
    let path = cgroup.replacing("UID", with: FakeHost.podUID).replacing(
      "ID", with: String(repeating: "b", count: 64))
    node.addProcess(100, cgroup: "0::\(path)\n")
    let seen = "1 session in containers whose name is not known, such as PID 100"
    #expect(says(try node.finding("names"), .warn, seen, advice: advice))
  }

  @Test func `a moved directory is named, with what told it`() throws {
    let node = FakeHost.installed()
    node.write("/etc/docker/daemon.json", "{\"data-root\":\"/mnt/docker\"}")
    node.directories["/mnt/docker/containers"] = .names([])
    #expect(says(try node.finding("names"), .pass, "/mnt/docker/containers (from /etc/docker/daemon.json)"))
    node.addProcess(812, comm: "dockerd", cgroup: "0::/system.slice/docker.service\n")
    node.write("/proc/812/cmdline", "dockerd\0--data-root=/srv/docker\0")
    node.write("/proc/812/status", "Uid:\t0\t0\t0\t0\n")
    node.pids = [1, 100, 812, 900]
    node.directories["/srv/docker/containers"] = .names([])
    let origin = "/srv/docker/containers (from the command line of dockerd (PID 812))"
    #expect(says(try node.finding("names"), .pass, origin))
  }

  @Test func `a link that is not followed, or leads nowhere, is named`() throws {
    let node = FakeHost.installed()
    node.directories["/var/log/pods"] = .failed(.tooManySymbolicLinks)
    let loops = "/var/log/pods (a symbolic link in the path is not followed)"
    #expect(says(try node.finding("names"), .warn, loops, advice: "namei -l /var/log/pods"))
    let moved = FakeHost.installed()
    moved.directories["/var/lib/docker/containers"] = .failed(.danglingLink)
    let nowhere = "; not readable: /var/lib/docker/containers (a symbolic link in the path leads to no directory)"
    #expect(says(try moved.finding("names"), .pass, nowhere))
  }

  @Test func `nothing that names pods, with pods and without`() throws {
    let node = FakeHost.installed([])
    node.directories["/var/log/containers"] = nil
    node.directories["/var/log/pods"] = nil
    node.setCheckpoint("")
    #expect(says(try node.finding("names"), .fail, "pods run here", advice: "--host-root"))
    node.directories[root] = nil
    #expect(says(try node.finding("names"), .skip, "no pods"))
    node.directories["/var/lib/docker/containers"] = .failed(13)
    #expect(says(try node.finding("names"), .warn, "not readable: /var/lib/docker/containers", advice: "root"))
  }
}
