import GPUSessions
import Glibc
import NodeHost
import Testing

extension LiveHostTests {
  /// Files, links and directories of a node whose root is mounted in a directory.
  @Suite struct NodeFiles {
    @Test(arguments: [
      ("/mnt/kubelet", "/var/lib/kubelet"), ("../../mnt/kubelet", "/var/lib/kubelet"),
      ("/mnt/../../../mnt/./kubelet/", "/var/lib/kubelet"), ("../../../../../mnt/kubelet", "/var/lib/kubelet"),
      ("/mnt", "/var/lib"), ("/hop/kubelet", "/var/lib/kubelet"),
    ])
    func `a link of the administrator begins at the node's root and does not lead out of it`(
      target: String, link: String
    ) {
      withNode { root, node in
        make("\(root)/mnt/kubelet/plugins")
        put("\(root)/mnt/kubelet/state", "devices")
        symlink("/mnt", "\(root)/hop")
        make("\(root)/var")
        if link == "/var/lib/kubelet" { make("\(root)/var/lib") }
        symlink(target, root + link)
        #expect(node.readFile("\(root)/var/lib/kubelet/state", 10) == .bytes(Array("devices".utf8)))
        #expect(list(node, "\(root)/var/lib/kubelet") == ["plugins", "state"])
        #expect(list(node, "\(root)/var/lib/kubelet/plugins") == [])
        #expect(node.readFile("\(root)/var/lib/kubelet/none", 10) == .absent)
        #expect(node.listDirectory("\(root)/var/lib/kubelet/none/below") == .absent)
      }
    }

    @Test(arguments: ["/file", "file", "../../file", "/hop", "hop", "/dir/hop", "/dirs/hop"])
    func `a file may be a link that begins at the node's root`(target: String) {
      withNode { root, node in
        make("\(root)/dir")
        put("\(root)/file", "x")
        symlink("/file", "\(root)/hop")
        symlink("../file", "\(root)/dir/hop")
        symlink("/dir", "\(root)/dirs")
        symlink(target, "\(root)/link")
        #expect(node.readFile("\(root)/link", 10) == .bytes(Array("x".utf8)))
        #expect(node.readFile("\(root)/link", 0) == .tooLong)
      }
    }

    @Test(arguments: [
      ("/gone", Errno.danglingLink), ("/gone/file", .danglingLink), ("/hop", .danglingLink),
      ("/dir", .invalidArgument),
      ("/dir/..", .invalidArgument), ("/", .invalidArgument), ("link", .tooManySymbolicLinks),
    ])
    func `a link that leads to no file is not the same as a file that is absent`(target: String, errno: Errno) {
      withNode { root, node in
        make("\(root)/dir")
        symlink("/gone", "\(root)/hop")
        symlink(target, "\(root)/link")
        #expect(node.readFile("\(root)/link", 10) == .failed(errno))
      }
    }

    @Test func `a link is read as it is`() {
      withNode { root, node in
        put("\(root)/file", "x")
        symlink("/file", "\(root)/link")
        #expect(node.readLink("\(root)/link") == .bytes(Array("/file".utf8)))
        #expect(node.readLink("\(root)/file") == .absent)
        #expect(node.readFile("\(root)/file/below", 10) == .absent)
        #expect(node.listDirectory("\(root)/file") == .absent)
        #expect(node.readFile(root, 10) == .failed(.invalidArgument) && node.readLink(root) == .absent)
        #expect(node.readFile("\(root)//./file", 10) == .bytes(Array("x".utf8)))
      }
    }

    @Test(arguments: ["/gone", "gone", "/file", "/link/gone", "/again"])
    func `a link that leads to no directory is not the same as a path that is absent`(target: String) {
      withNode { root, node in
        put("\(root)/file", "x")
        symlink("/gone", "\(root)/again")
        symlink(target, "\(root)/link")
        let expected: Errno = target == "/link/gone" ? .tooManySymbolicLinks : .danglingLink
        #expect(node.listDirectory("\(root)/link") == .failed(expected))
        #expect(node.listDirectory("\(root)/link/below") == .failed(expected))
        #expect(node.readFile("\(root)/link/file", 10) == .failed(expected))
        #expect(node.readLink("\(root)/link/file") == .failed(expected))
        #expect(node.listDirectory("\(root)/gone") == .absent)
      }
    }

    @Test func `forty links are followed, and no more`() {
      withNode { root, node in
        make("\(root)/0")
        for index in 1...41 { symlink("/\(index - 1)", "\(root)/\(index)") }
        symlink("/b", "\(root)/a")
        symlink("/a", "\(root)/b")
        #expect(list(node, "\(root)/40") == [])
        #expect(node.listDirectory("\(root)/41") == .failed(.tooManySymbolicLinks))
        #expect(node.listDirectory("\(root)/a") == .failed(.tooManySymbolicLinks))
      }
    }

    @Test func `parents of the root are the root`() {
      withNode { root, node in
        put("\(root)/../outside", "secret")
        put("\(root)/inside", "x")
        symlink("../..", "\(root)/up")
        #expect(node.readFile("\(root)/../outside", 10) == .absent)
        #expect(node.readFile("\(root)/up/outside", 10) == .absent)
        #expect(node.readFile("\(root)/..\0x/outside", 10) == .failed(.invalidArgument))
        #expect(node.readFile("\(root)/up/../inside", 10) == .bytes(Array("x".utf8)))
        #expect(list(node, "\(root)/..") == ["inside", "up"])
      }
    }

    @Test func `a path outside of the root, and one of the procfs, is opened as it is`() {
      withTemporaryDirectory { directory in
        make("\(directory)/host/proc/7")
        make("\(directory)/hostile")
        put("\(directory)/host/proc/7/stat", "7 (a)")
        symlink("7", "\(directory)/host/proc/self")
        symlink("\(directory)/host/proc", "\(directory)/hostile/link")
        symlink("/none", "\(directory)/host/proc/gone")
        let node = host.atRoot(host, "\(directory)/host/", "\(directory)/host/proc/")
        #expect(node.readFile("\(directory)/host/proc/self/stat", 10) == .bytes(Array("7 (a)".utf8)))
        #expect(node.listDirectory("\(directory)/host/proc/gone") == .absent)
        #expect(list(node, "\(directory)/hostile/link") == ["7", "gone", "self"])
        #expect(node.listDirectory("") == .absent)
        #expect(node.listDirectory("\(directory)/none") == .absent)
      }
    }

    @Test func `a root below the procfs is a root all the same`() {
      withTemporaryDirectory { directory in
        make("\(directory)/proc/1/root/real")
        symlink("/real", "\(directory)/proc/1/root/link")
        let node = host.atRoot(host, "\(directory)/proc/1/root", "\(directory)/proc")
        #expect(list(node, "\(directory)/proc/1/root/link") == [])
      }
    }

    @Test func `the machine's own root is read like any other`() {
      let node = host.atRoot(host, "/", "/proc")
      #expect(list(node, "/") == names(in: "/"))
      #expect(node.readFile("/etc/passwd", 1 << 20) == host.readFile("/etc/passwd", 1 << 20))
      #expect(node.readLink("/proc/thread-self/fd/0") == host.readLink("/proc/thread-self/fd/0"))
      #expect(node.readFile("/nonexistent/file", 10) == .absent && node.listDirectory("") == .absent)
    }
  }
}

/// Calls `body` with the root of an empty node, and a host that reads it.
func withNode(_ body: (_ root: String, _ node: Host) -> Void) {
  withTemporaryDirectory { directory in
    make("\(directory)/host")
    body("\(directory)/host", host.atRoot(host, "\(directory)/host", "/proc"))
  }
}

/// Makes a directory and those above it.
func make(_ path: String) { _ = run(shell("mkdir -p -- \"$1\"", [path])) }

/// The names in a directory of the node, sorted.
func list(_ node: Host, _ path: String) -> [String] {
  guard case .entries(let names) = node.listDirectory(path) else { return ["(unreadable)"] }
  return names.map { text(Array($0)) }.sorted()
}
