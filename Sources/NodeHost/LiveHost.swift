package import GPUSessions
import Glibc

extension Host {
  /// The node on which this process runs. ``prepareProcess()`` must have been called.
  package static let live: Host = {
    let abandoned = AbandonedChildren()
    var host = Host(
      spawn: { commands, deadline in runChildren(commands, until: deadline, abandoned: abandoned) },
      abandonedChildren: { abandoned.countStillRunning() },
      isExecutable: { NodeHost.isExecutable($0) },
      openProcesses: { NodeHost.openProcesses($0) },
      readFile: { NodeHost.readFile($0, limit: $1) },
      readLink: { NodeHost.readLink($0) },
      listDirectory: { NodeHost.listDirectory($0) },
      publish: { path, contents, started throws(PublishError) in
        try publishFile(path, contents, started: started)
      },
      remove: { path throws(PublishError) in try removeFile(path) },
      lockState: { NodeHost.lockState(of: $0) },
      watch: { deadline, late, body in NodeHost.watch(until: deadline, late: late, body: body) },
      readInput: { NodeHost.readInput($0, limit: $1) },
      write: { writeAll($0, $1) },
      now: { bootClock() },
      wallClock: { NodeHost.wallClock() },
      sleep: { moment in
        returnFreeMemory()
        return sleepUntil(moment)
      },
      isTerminated: { isTerminationPending() },
      environment: { environmentVariable($0) },
      terminalWidth: { standardOutputColumns() },
      fileStatus: { NodeHost.fileStatus($0) })
    host.terminalHeight = { standardOutputRows() }
    host.silenceKeys = { NodeHost.silenceKeys() }
    host.atRoot = { host, root, proc in
      var host = host
      let files = NodeFiles(root: root, proc: proc)
      host.readFile = { files.readFile($0, limit: $1) }
      host.readLink = { files.readLink($0) }
      host.listDirectory = { files.listDirectory($0) }
      return host
    }
    return host
  }()
}
