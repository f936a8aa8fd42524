import GPUSessions
import Testing

@Suite struct LockCheckTests {
  private let lock = "/var/lib/node_exporter/textfile_collector/.gpu_sessions.prom.lock"

  private func finding(_ state: LockState) throws -> Finding {
    let node = FakeHost.installed()
    node.lockState = state
    return try node.finding("lock")
  }

  @Test func `a lock that is held is a failure that names the holder`() throws {
    #expect(says(try finding(.free), .pass, "no process holds it"))
    let holder = LockHolder(pid: 4711, command: Array("flock\n".utf8))
    #expect(says(try finding(.held(holder)), .fail, "process 4711 (flock) holds \(lock)", advice: "sudo kill 4711"))
    #expect(says(try finding(.held(nil)), .fail, "another process holds \(lock)", advice: "fuser -v \(lock)"))
  }

  @Test func `a file of another user is worth a warning`() throws {
    #expect(says(try finding(.foreign), .warn, "the next run replaces it", advice: "ls -l \(lock)"))
    #expect(says(try finding(.unknown(13)), .skip, "permission denied"))
  }

  @Test func `without a directory there is no lock`() throws {
    let node = FakeHost.installed()
    node.directories["/var/lib/node_exporter/textfile_collector"] = nil
    #expect(says(try node.finding("lock"), .skip, "is not there"))
    #expect(says(try node.finding("lock", "--output=-"), .skip, "standard output"))
  }

  @Test func `the lock file is no leftover`() throws {
    let node = FakeHost.installed()
    node.directories["/var/lib/node_exporter/textfile_collector"] = .names(
      [".gpu_sessions.prom.lock", "gpu_sessions.prom"])
    #expect(says(try node.finding("leftovers"), .pass, "nothing beside gpu_sessions.prom"))
  }
}
