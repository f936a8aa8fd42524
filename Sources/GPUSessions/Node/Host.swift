/// Every effect of the program, as a struct of closures: files, child processes, signals and clocks.
///
/// `Host.live` in `NodeHost` is the real node. A test passes closures of its own.
package struct Host: Sendable {
  /// Starts all commands at the same time and waits for them until `deadline`, a moment of the clock ``now``.
  ///
  /// Returns one outcome per command, in the order of the commands. If a command could not be started or finished,
  /// ``ChildOutcome/end`` says why.
  package var spawn: @Sendable (_ commands: [ChildCommand], _ deadline: Nanoseconds) -> [ChildOutcome]

  /// Returns the number of children that were killed by earlier calls of ``spawn`` and have not ended yet (state D).
  package var abandonedChildren: @Sendable () -> Int

  /// Whether the path leads to a regular file that this process may execute.
  package var isExecutable: @Sendable (_ path: String) -> Bool

  /// Opens the procfs mounted at `proc`. It stays open as long as the returned closure exists.
  package var openProcesses: @Sendable (_ proc: String) -> ProcessDirectoryReader

  /// Reads a regular file of at most `limit` bytes.
  ///
  /// If the last component of the path is a symbolic link, the result is `.failed(.tooManySymbolicLinks)`; if it is
  /// not a regular file, `.failed(.invalidArgument)`.
  package var readFile: @Sendable (_ path: String, _ limit: Int) -> FileRead

  /// Reads standard input, or the file that a user has named, to its end; at most `limit` bytes.
  ///
  /// Links are followed, and the file may be a pipe. After SIGTERM or SIGINT the result is `.failed(.interrupted)`.
  package var readInput: @Sendable (_ input: Input, _ limit: Int) -> FileRead

  /// Returns owner and permissions of a file or directory, symbolic links followed; `nil` if it cannot be examined.
  package var fileStatus: @Sendable (_ path: String) -> FileStatus?

  /// Reads the target of a symbolic link. The result is `.absent` if there is nothing or something that is no link.
  package var readLink: @Sendable (_ path: String) -> FileRead

  /// Lists the names in a directory, without `.` and `..`, in no particular order.
  ///
  /// The names are slices of a few arrays, because a log directory may have thousands of them.
  package var listDirectory: @Sendable (_ path: String) -> DirectoryRead<[ArraySlice<UInt8>]>

  /// Returns a host that reads the files of the node whose root is mounted at `root`.
  ///
  /// ``readFile``, ``readLink`` and ``listDirectory`` of that host follow links in paths below `root` as the node itself
  /// does: an absolute link begins at `root`, and no link leads out of it. In directories where a workload may make links,
  /// none is followed, and the result is `.failed(.tooManySymbolicLinks)`. A link that leads to no directory gives
  /// `.failed(.danglingLink)`. Paths below `proc` and paths that are not below `root` are opened as they are. The
  /// host may keep directories open, so each collection takes one of its own.
  package var atRoot: @Sendable (_ host: Host, _ root: String, _ proc: String) -> Host = { host, _, _ in host }

  /// Replaces the file at `path` by the bytes that `contents` produces.
  ///
  /// A reader sees either the whole old file or the whole new one, and so does the disk after a power failure. If
  /// this fails, the old file is unchanged. `started` is the wall-clock time at which the run started: a file of a run
  /// that started later is kept.
  package var publish:
    @Sendable (_ path: String, _ contents: ByteProducer, _ started: Nanoseconds) throws(PublishError) ->
      PublishResult

  /// Removes the file at `path` and the temporary file that a killed run has left beside it.
  ///
  /// Returns whether the file existed. Concurrent calls for the same path wait for each other, and for ``publish``.
  package var remove: @Sendable (_ path: String) throws(PublishError) -> Bool

  /// Tells whether ``publish`` could lock the file at `path` now. Waits for at most a second and changes nothing.
  package var lockState: @Sendable (_ path: String) -> LockState

  /// Runs `body`, and if it is not done in time, `late` on another thread.
  ///
  /// It is late at `deadline`, a moment of the clock ``now``, and less than a second after SIGTERM or SIGINT arrived. The
  /// process then ends with the status that `late` returns, and this function does not return.
  package var watch: Watch

  /// Writes all bytes; returns `false` if the reader is gone, the write failed, or SIGTERM arrived while it blocked.
  package var write: @Sendable (_ stream: OutputStream, _ bytes: [UInt8]) -> Bool

  /// Returns the time since boot, including suspend (`CLOCK_BOOTTIME`).
  package var now: @Sendable () -> Nanoseconds

  /// Returns the time since 1970 (`CLOCK_REALTIME`).
  package var wallClock: @Sendable () -> Nanoseconds

  /// Waits until ``now`` reaches the moment; returns `true` if SIGTERM or SIGINT arrived before that.
  package var sleep: @Sendable (_ until: Nanoseconds) -> Bool

  /// Whether SIGTERM or SIGINT has arrived.
  package var isTerminated: @Sendable () -> Bool

  /// Returns an environment variable, with invalid UTF-8 replaced by U+FFFD; `nil` if it is not set.
  package var environment: @Sendable (_ name: String) -> String?

  /// Returns the width of the terminal in columns, 0 if the terminal does not report it; `nil` if standard output is
  /// not a terminal.
  package var terminalWidth: @Sendable () -> Int?

  /// Returns the number of lines of the terminal that is standard output; 0 if it is not known.
  package var terminalHeight: @Sendable () -> Int = { 0 }

  /// Lets the terminal neither show nor obey the keys that are typed, except Ctrl-C. Returns what undoes it. Does nothing if
  /// standard input is not a terminal.
  package var silenceKeys: @Sendable () -> @Sendable () -> Void = { {} }

  package init(
    spawn: @escaping @Sendable ([ChildCommand], Nanoseconds) -> [ChildOutcome],
    abandonedChildren: @escaping @Sendable () -> Int,
    isExecutable: @escaping @Sendable (String) -> Bool,
    openProcesses: @escaping @Sendable (String) -> ProcessDirectoryReader,
    readFile: @escaping @Sendable (String, Int) -> FileRead,
    readLink: @escaping @Sendable (String) -> FileRead,
    listDirectory: @escaping @Sendable (String) -> DirectoryRead<[ArraySlice<UInt8>]>,
    publish: @escaping @Sendable (String, ByteProducer, Nanoseconds) throws(PublishError) -> PublishResult,
    remove: @escaping @Sendable (String) throws(PublishError) -> Bool = { _ in false },
    lockState: @escaping @Sendable (String) -> LockState = { _ in .free },
    watch: @escaping Watch = { $2() },
    readInput: @escaping @Sendable (Input, Int) -> FileRead = { _, _ in .absent },
    write: @escaping @Sendable (OutputStream, [UInt8]) -> Bool,
    now: @escaping @Sendable () -> Nanoseconds,
    wallClock: @escaping @Sendable () -> Nanoseconds,
    sleep: @escaping @Sendable (Nanoseconds) -> Bool,
    isTerminated: @escaping @Sendable () -> Bool,
    environment: @escaping @Sendable (String) -> String?,
    terminalWidth: @escaping @Sendable () -> Int? = { nil },
    fileStatus: @escaping @Sendable (String) -> FileStatus? = { _ in nil }
  ) {
    self.spawn = spawn
    self.abandonedChildren = abandonedChildren
    self.isExecutable = isExecutable
    self.openProcesses = openProcesses
    self.readFile = readFile
    self.readLink = readLink
    self.listDirectory = listDirectory
    (self.publish, self.remove) = (publish, remove)
    (self.lockState, self.watch) = (lockState, watch)
    (self.readInput, self.write) = (readInput, write)
    self.now = now
    self.wallClock = wallClock
    self.sleep = sleep
    self.isTerminated = isTerminated
    self.environment = environment
    self.terminalWidth = terminalWidth
    self.fileStatus = fileStatus
  }
}

/// Runs `body` under a time limit; see ``Host/watch``.
package typealias Watch =
  @Sendable (_ deadline: Nanoseconds, _ late: @escaping @Sendable (Lateness) -> Int32, _ body: () -> Void) -> Void

/// Opens the directory of one process and passes `body` a function that reads the files in it.
///
/// `body` is called once if the process exists, otherwise never. All files it reads belong to the same process, even
/// if that process ends meanwhile and its PID is reused.
package typealias ProcessDirectoryReader =
  @Sendable (_ pid: Int32, _ body: (_ read: (_ name: String, _ limit: Int) -> FileRead) -> Void) -> DirectoryOpened

/// Why something that is watched has to end.
package enum Lateness: Sendable {
  /// It has not ended by its deadline.
  case overdue
  /// SIGTERM or SIGINT arrived.
  case terminated
}

/// Produces the contents of a file by calling `write` with one piece after another.
package typealias ByteProducer = (_ write: @escaping ([UInt8]) -> Void) -> Void

/// What a user has the program read.
package enum Input: Sendable, Equatable {
  case standardInput
  case file(String)
}

/// Standard output or standard error, by descriptor number.
package enum OutputStream: Int32, Sendable {
  case standardOutput = 1
  case standardError = 2
}
