import GPUSessions
import Testing

@Suite struct TextfileChecksTests {
  private let directory = FakeHost.textfiles

  @Test func `the directory is there and writable, or it says why not`() throws {
    let node = FakeHost.installed()
    #expect(says(try node.finding("textfile-directory"), .pass, "\(directory), writable, on ext4"))
    node.statuses[directory] = FileStatus(mode: 0o755, owner: 0, writeFailure: 13)
    #expect(says(try node.finding("textfile-directory"), .fail, "written (permission denied)", advice: "root"))
    node.statuses[directory] = FileStatus(mode: 0o755, owner: 0, writeFailure: 30)
    #expect(says(try node.finding("textfile-directory"), .fail, "read-only file system", advice: "writable"))
    node.directories[directory] = .failed(13)
    #expect(says(try node.finding("textfile-directory"), .fail, "read (permission denied)", advice: "root"))
    node.directories[directory] = nil
    #expect(
      says(try node.finding("textfile-directory"), .fail, "is not there", advice: "sudo mkdir -p \(directory)"))
    node.write(directory, "a file")
    #expect(says(try node.finding("textfile-directory"), .fail, "is not a directory", advice: "--output"))
  }

  @Test func `standard output has no directory`() throws {
    for name in ["textfile-directory", "published-file", "node-exporter", "leftovers"] {
      #expect(says(try FakeHost.installed().finding(name, "--output=-"), .skip, "standard output"), "\(name)")
    }
  }

  @Test(
    arguments: [
      ("ext4", CheckResult.pass), ("xfs", .pass), ("nfs4", .pass), ("tmpfs", .warn), ("ramfs", .warn),
      ("overlay", .warn), ("aufs", .warn),
    ])
  func `a file system that forgets is worth a warning`(type: String, result: CheckResult) throws {
    let node = FakeHost.installed()
    node.setMounts("1 0 8:1 / / rw - ext4 a rw\n2 1 8:2 / /var/lib rw - \(type) b rw\n")
    #expect(says(try node.finding("textfile-directory"), result, "on \(type)"))
  }

  @Test func `links are followed to the mount, and nothing is guessed without the table`() throws {
    let node = FakeHost.installed()
    node.setMounts("1 0 8:1 / / rw - ext4 a rw\n2 1 0:5 / /run rw - tmpfs b rw\n")
    node.links["/var/lib/node_exporter"] = "../../run/exporter"
    #expect(says(try node.finding("textfile-directory"), .warn, "on tmpfs", advice: "tmpfiles.d"))
    node.files["/proc/self/mountinfo"] = nil
    #expect(try node.finding("textfile-directory") == .pass("\(directory), writable"))
  }

  @Test func `a directory with a blank is one word of the command`() throws {
    let finding = try FakeHost.installed().finding("textfile-directory", "--output=/a b/it's/x.prom")
    #expect(finding.advice == #"sudo mkdir -p '/a b/it'\''s'"#)
  }

  @Test func `what lies beside the file`() throws {
    let node = FakeHost.installed()
    node.directories[directory] = .names(["gpu_sessions.prom", "disk.prom", "README"])
    node.write(directory + "/disk.prom", "gpu_temperature 1\nnode_disk 2\n")
    #expect(says(try node.finding("leftovers"), .pass, "nothing beside gpu_sessions.prom"))
    node.directories[directory] = .names([".gpu_sessions.prom.tmp", "gpu_sessions.prom"])
    #expect(says(try node.finding("leftovers"), .warn, ".gpu_sessions.prom.tmp", advice: "sudo gpu-sessions"))
    node.directories[directory] = .names(["gpu_sessions.prom.4711", "gpu_sessions.prom"])
    #expect(
      says(try node.finding("leftovers"), .warn, "4711", advice: "sudo rm \(directory)/gpu_sessions.prom.4711"))
    node.directories[directory] = .names(["disk.prom", "gpu_sessions.prom"])
    for line in ["gpu_process_info{gpu=\"0\"} 1", "# broken\ngpu_session_count 3 4"] {
      node.write(directory + "/disk.prom", line + "\n")
      #expect(says(try node.finding("leftovers"), .fail, "disk.prom", advice: "sudo rm \(directory)/disk.prom"))
    }
    node.directories[directory] = .failed(13)
    #expect(says(try node.finding("leftovers"), .skip, "cannot be read"))
    node.directories[directory] = nil
    #expect(says(try node.finding("leftovers"), .skip, "is not there"))
  }
}
