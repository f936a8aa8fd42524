import GPUSessions
import Glibc
import NodeHost
import Testing

extension LiveHostTests {
  /// Directories of the node below which a workload may make links.
  @Suite struct NodeLogs {
    @Test(arguments: ["/secret", "../../secret", "/var/log/containers", "containers", "/gone", "pods"])
    func `a link below the node's log directory is not followed`(target: String) {
      withNode { root, node in
        make("\(root)/secret/below")
        make("\(root)/var/log/containers/below")
        symlink(target, "\(root)/var/log/pods")
        #expect(node.listDirectory("\(root)/var/log/pods") == .failed(.tooManySymbolicLinks))
        #expect(node.listDirectory("\(root)/var/log/pods/below") == .failed(.tooManySymbolicLinks))
        #expect(node.readFile("\(root)/var/log/pods/below/file", 10) == .failed(.tooManySymbolicLinks))
        #expect(node.readFile("\(root)/var/log/pods", 10) == .failed(.tooManySymbolicLinks))
        #expect(node.readLink("\(root)/var/log/pods/below") == .failed(.tooManySymbolicLinks))
        #expect(node.readLink("\(root)/var/log/pods") == .bytes(Array(target.utf8)))
        #expect(list(node, "\(root)/var/log/containers") == ["below"])
        #expect(list(node, "\(root)/secret") == ["below"])
      }
    }

    @Test(arguments: [("log", "/data/log"), ("log", "../data/log"), ("log", "/hop/log"), ("", "/data")])
    func `the log directory itself may be a link, and no link below where it leads is followed`(
      name: String, target: String
    ) {
      withNode { root, node in
        make("\(root)/data/log/pods/team_pod")
        make("\(root)/secret")
        symlink("data", "\(root)/hop")
        if !name.isEmpty { make("\(root)/var") }
        symlink(target, name.isEmpty ? "\(root)/var" : "\(root)/var/\(name)")
        symlink("/secret", "\(root)/data/log/containers")
        #expect(list(node, "\(root)/var/log/pods") == ["team_pod"])
        #expect(node.listDirectory("\(root)/var/log/containers") == .failed(.tooManySymbolicLinks))
        #expect(node.listDirectory("\(root)/data/log/containers") == .failed(.tooManySymbolicLinks))
        #expect(node.listDirectory("\(root)/var/log/none") == .absent)
      }
    }

    @Test func `a link of the administrator into the log directory does not vouch for what is below`() {
      withNode { root, node in
        make("\(root)/var/log/docker")
        make("\(root)/var/lib")
        make("\(root)/secret")
        symlink("/var/log/docker", "\(root)/var/lib/docker")
        symlink("/secret", "\(root)/var/log/docker/containers")
        #expect(list(node, "\(root)/var/lib/docker") == ["containers"])
        #expect(node.listDirectory("\(root)/var/lib/docker/containers") == .failed(.tooManySymbolicLinks))
      }
    }

    @Test func `links elsewhere are followed on a node whose log directory is missing or leads nowhere`() {
      withNode { root, node in
        make("\(root)/real/below")
        symlink("/real", "\(root)/link")
        #expect(list(node, "\(root)/link") == ["below"])
      }
      withNode { root, node in
        make("\(root)/real/below")
        make("\(root)/var")
        symlink("/real", "\(root)/link")
        symlink("/gone", "\(root)/var/log")
        #expect(list(node, "\(root)/link") == ["below"])
        #expect(node.listDirectory("\(root)/var/log/pods") == .failed(.danglingLink))
      }
    }

    @Test func `a link that takes the place of a directory meanwhile is not followed`() {
      withNode { root, node in
        make("\(root)/secret")
        put("\(root)/secret/0.log", "secret")
        make("\(root)/var/log/pods/a")
        put("\(root)/var/log/pods/a/0.log", "own")
        #expect(node.readFile("\(root)/var/log/pods/a/0.log", 10) == .bytes(Array("own".utf8)))
        rename("\(root)/var/log/pods", "\(root)/var/log/old")
        make("\(root)/var/log/pods")
        symlink("/secret", "\(root)/var/log/pods/a")
        // The directory that was entered before is still the one that is read.
        #expect(node.readFile("\(root)/var/log/pods/a/0.log", 10) == .bytes(Array("own".utf8)))
        let later = host.atRoot(host, root, "/proc")
        #expect(later.readFile("\(root)/var/log/pods/a/0.log", 10) == .failed(.tooManySymbolicLinks))
      }
    }

    @Test func `links are never followed while a directory and a link change places`() {
      withNode { root, _ in
        make("\(root)/secret")
        put("\(root)/secret/name", "secret")
        make("\(root)/var/log/a")
        put("\(root)/var/log/a/name", "own")
        symlink("/secret", "\(root)/var/log/b")
        let worker = Worker {
          for _ in 0..<20_000 {
            renameat2(AT_FDCWD, "\(root)/var/log/a", AT_FDCWD, "\(root)/var/log/b", UInt32(RENAME_EXCHANGE))
          }
        }
        for _ in 0..<2_000 {
          let node = host.atRoot(host, root, "/proc")
          let found = node.readFile("\(root)/var/log/a/name", 10)
          #expect([.bytes(Array("own".utf8)), .failed(.tooManySymbolicLinks), .absent].contains(found))
        }
        worker.join()
      }
    }

    @Test func `directories are kept open for the last path alone`() {
      withNode { root, node in
        let before = names(in: "/proc/self/fd").count
        for name in ["a", "b", "c"] {
          make("\(root)/\(name)/1/2/3")
          _ = node.listDirectory("\(root)/\(name)/1/2/3")
        }
        #expect(names(in: "/proc/self/fd").count == before + 5)
        _ = node.listDirectory(root)
        #expect(names(in: "/proc/self/fd").count == before + 1)
      }
    }
  }
}
