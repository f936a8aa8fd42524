import GPUSessions
import Testing

@Suite struct NodeExporterCheckTests {
  private let flag = "--collector.textfile.directory"
  private let directory = FakeHost.textfiles

  private func finding(_ arguments: [String], _ options: String...) throws -> Finding {
    let node = FakeHost.installed()
    node.addExporter(arguments)
    return try node.finding("node-exporter")
  }

  @Test func `the very directory, as it may be written`() throws {
    let same = [
      ["\(flag)=\(directory)"], [flag, directory], ["-collector.textfile.directory", directory],
      ["\(flag)=\(directory)/"], ["\(flag)=//var/lib/./node_exporter/textfile_collector"],
      ["\(flag)=/host/root\(directory)"], ["\(flag)=/rootfs\(directory)"],
      ["--path.rootfs=/mnt", "\(flag)=/mnt\(directory)"], ["\(flag)=/other", "\(flag)=\(directory)"],
      ["\(flag)=/var/lib/*/textfile_c?llector"], ["--web.listen-address", ":9100", flag, directory],
      ["--no-collector.textfile", "--collector.textfile", flag, directory],
      ["--collector.disable-defaults", "--collector.textfile", flag, directory],
    ]
    for arguments in same {
      #expect(says(try finding(arguments), .pass, "node_exporter (PID 900) reads /"), "\(arguments)")
    }
  }

  @Test func `another directory, none, and a collector that is off`() throws {
    for other in ["/other", directory + "2", "/mnt" + directory, "/var/lib/*", "textfile_collector", ""] {
      #expect(says(try finding(["\(flag)=\(other)"]), .fail, ", not \(directory)", advice: "--output"), "\(other)")
    }
    #expect(
      says(try finding([]), .fail, "runs without --collector.textfile.directory", advice: "\(flag)=\(directory)"))
    #expect(says(try finding([flag]), .fail, "runs without"))
    for off in ["--no-collector.textfile", "--collector.disable-defaults"] {
      #expect(says(try finding([flag, directory, off]), .fail, "collector off", advice: "--collector.textfile"))
    }
  }

  @Test func `Debian's has a directory of its own`() throws {
    let node = FakeHost.installed()
    node.addExporter([], comm: "prometheus-node")
    #expect(says(try node.finding("node-exporter"), .fail, "reads /var/lib/prometheus/node-exporter, not"))
    let output = "--output=/var/lib/prometheus/node-exporter/gpu_sessions.prom"
    #expect(says(try node.finding("node-exporter", output), .pass, "reads /var/lib/prometheus/node-exporter"))
    node.addExporter(["\(flag)=\(directory)"], comm: "prometheus-node")
    #expect(says(try node.finding("node-exporter"), .pass, "reads \(directory)"))
  }

  @Test func `several of them: one that reads it is enough`() throws {
    let node = FakeHost.installed()
    node.addExporter(["\(flag)=/other"], pid: 50)
    node.pids = [1, 50, 100, 900]
    #expect(says(try node.finding("node-exporter"), .pass, "(PID 900)"))
    node.addExporter(["\(flag)=/third"])
    #expect(says(try node.finding("node-exporter"), .fail, "(PID 50) reads /other"))
  }

  @Test func `a subvolume of the node itself is no part of it that is mounted elsewhere`() throws {
    let node = FakeHost.installed()
    node.pids = [1, 100]
    node.setMounts("1 0 0:9 /@ / rw - btrfs d rw\n")
    #expect(try node.finding("node-exporter").advice?.contains("as the node names that directory") == true)
    for process in ["self", "1"] { node.links["/proc/\(process)/ns/mnt"] = "mnt:[4026531841]" }
    let advice = try node.finding("node-exporter").advice
    #expect(advice == "start node_exporter with \(flag)=\(directory)")
    node.links["/proc/1/ns/mnt"] = "mnt:[4026532000]"
    #expect(
      try node.finding("node-exporter").advice?.hasSuffix("\(directory) (as the node names that directory)") == true
    )
  }

  @Test func `none is a fact only where all processes are seen`() throws {
    let node = FakeHost.installed()
    node.pids = [1, 100]
    #expect(
      says(try node.finding("node-exporter"), .fail, "no node_exporter runs here", advice: "\(flag)=\(directory)"))
    node.pids = [100]
    #expect(says(try node.finding("node-exporter"), .skip, "not every process"))
    node.pids = [1, 100, 900]
    node.files["/proc/900/cmdline"] = .failed(13)
    #expect(says(try node.finding("node-exporter"), .warn, "command line cannot be read", advice: "root"))
  }

  @Test func `a node_exporter that may not read the directory`() throws {
    let node = FakeHost.installed()
    node.statuses[directory] = FileStatus(mode: 0o700, owner: 0)
    #expect(says(try node.finding("node-exporter"), .fail, "has uid 997 and may not read", advice: "chmod 755"))
    for (mode, owner) in [(0o700, 997), (0o750, 0), (0o755, 0), (0o705, 0)] as [(UInt32, UInt32)] {
      node.statuses[directory] = FileStatus(mode: mode, owner: owner)
      #expect(says(try node.finding("node-exporter"), .pass, "reads"), "\(mode)")
    }
    node.statuses[directory] = FileStatus(mode: 0o700, owner: 0)
    node.addExporter(["\(flag)=\(directory)"], uid: 0)
    #expect(says(try node.finding("node-exporter"), .pass, "reads"))
  }

  @Test func `in a container the directory has another name`() throws {
    let node = FakeHost.installed()
    node.setMounts("1 0 0:9 / / rw - overlay o rw\n2 1 8:2 \(directory) /textfile rw - ext4 d rw\n")
    let output = "--output=/textfile/gpu_sessions.prom"
    #expect(says(try node.finding("node-exporter", output), .pass, "reads \(directory)"))
    node.addExporter(["\(flag)=/other"])
    #expect(
      says(try node.finding("node-exporter", output), .fail, "/other, not /textfile", advice: "the node names"))
    let root = "--output=/host\(directory)/gpu_sessions.prom"
    node.addExporter(["\(flag)=\(directory)"])
    node.directories["/host/proc"] = node.directories["/proc"]
    #expect(says(try node.finding("node-exporter", root, "--host-root=/host", "--proc=/proc"), .pass, "reads"))
  }

  @Test func `links lead to the same directory`() throws {
    let node = FakeHost.installed()
    node.links["/srv/metrics"] = directory
    node.addExporter(["\(flag)=/srv/metrics"])
    #expect(says(try node.finding("node-exporter"), .pass, "reads /srv/metrics"))
    node.links["/srv/metrics"] = "metrics"
    #expect(says(try node.finding("node-exporter"), .fail, "reads /srv/metrics, not"))
  }
}
