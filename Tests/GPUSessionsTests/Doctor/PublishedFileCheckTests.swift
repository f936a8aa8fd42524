import GPUSessions
import Testing

@Suite struct PublishedFileCheckTests {
  private let path = FakeHost.published

  @Test func `a whole and fresh file passes`() throws {
    let node = FakeHost.installed()
    #expect(try node.finding("published-file") == .pass("written 11s ago, whole"))
    node.publish(secondsAgo: 180)
    #expect(says(try node.finding("published-file"), .pass, "written 2m59s ago"))
    node.publish(secondsAgo: 181)
    #expect(says(try node.finding("published-file"), .fail, "written 3m0s ago", advice: "journalctl"))
  }

  @Test func `a run that failed in part, and a file that others cannot read`() throws {
    let node = FakeHost.installed()
    node.publish(secondsAgo: 5, success: 0)
    #expect(says(try node.finding("published-file"), .warn, "could not read everything", advice: "--verbose"))
    node.publish(secondsAgo: 5)
    node.statuses[path] = FileStatus(mode: 0o600, owner: 0)
    #expect(says(try node.finding("published-file"), .warn, "mode 0600", advice: "sudo chmod 644 \(path)"))
  }

  @Test(
    arguments: [
      ("gpu_x 1\ngpu_y", "the last line has no line feed"), ("ok 1\nnot a sample at all\n", "line 2 is not"),
      ("a{b=\"c\n\"} 1\n", "line 1 is not"), ("a 1 1700000000\n", "line 1 is not"),
    ])
  func `a file that node_exporter drops`(text: String, seen: String) throws {
    let node = FakeHost.installed()
    node.write(path, text)
    #expect(says(try node.finding("published-file"), .fail, seen, advice: "sudo gpu-sessions"))
    node.files[path] = .bytes([0x61, 0x20, 0x31, 0x23, 0xFF, 0x0A])
    #expect(says(try node.finding("published-file"), .fail, "not UTF-8"))
  }

  @Test(arguments: ["gpu.txt", "gpu.prom.txt", "gpu.PROM", "prom", "gpu_prom"])
  func `a name that node_exporter does not read`(name: String) throws {
    for path in ["/x/\(name)", name] {
      let finding = try FakeHost.installed().finding("published-file", "--output=\(path)")
      #expect(says(finding, .fail, "\(name): node_exporter reads only files", advice: "/\(name).prom"), "\(path)")
    }
  }

  @Test(arguments: ["gpu.prom", ".gpu.prom", ".prom", "a b.prom"]) func `a name that it reads`(name: String) throws
  {
    let node = FakeHost.installed()
    node.directories["/x"] = .names([])
    let finding = try node.finding("published-file", "--output=/x/\(name)")
    #expect(says(finding, .fail, "nothing has been published"))
  }

  @Test func `no file, and what is none of ours`() throws {
    let node = FakeHost.installed()
    node.write(path, "node_disk 1\n")
    #expect(says(try node.finding("published-file"), .fail, "another program wrote it", advice: "--output"))
    node.write(path, "")
    #expect(says(try node.finding("published-file"), .fail, "does not say when it was written"))
    node.files[path] = .tooLong
    #expect(says(try node.finding("published-file"), .fail, "longer than 64 MiB"))
    node.files[path] = .failed(40)
    #expect(says(try node.finding("published-file"), .fail, "is a symbolic link"))
    node.files[path] = .failed(22)
    #expect(says(try node.finding("published-file"), .fail, "is not a regular file"))
    node.files[path] = .failed(13)
    #expect(says(try node.finding("published-file"), .fail, "cannot be read (permission denied)", advice: "root"))
    node.files[path] = nil
    #expect(says(try node.finding("published-file"), .fail, "is not there", advice: "sudo gpu-sessions"))
    node.directories[FakeHost.textfiles] = nil
    #expect(says(try node.finding("published-file"), .skip, "its directory is not there"))
  }
}
