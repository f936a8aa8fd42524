/// The node as the program sees it: every effect it may ask for, as a struct of closures.
///
/// The live value is `Host.live` in `NodeHost`; a test overrides the calls it expects.
package struct Host: Sendable {
  /// Starts all commands at the same time and waits for them until `deadline` (``now`` clock).
  ///
  /// Never throws and always answers one outcome per command, in their order: what could not be
  /// started or finished says so in ``ChildOutcome/end``.
  package var spawn: @Sendable (_ commands: [ChildCommand], _ deadline: Nanoseconds) -> [ChildOutcome]

  /// Number of children of earlier calls that were killed and still have not ended (D state).
  package var abandonedChildren: @Sendable () -> Int

  /// Whether this path is a regular file that this process may execute.
  package var isExecutable: @Sendable (_ path: String) -> Bool

  /// Opens the directory `proc` for as long as what it returns is kept: that opens the processes below it.
  package var openProcesses: @Sendable (_ proc: String) -> ProcessDirectoryReader

  /// Reads a regular file of at most `limit` bytes. The last path component is not followed if it is a link.
  package var readFile: @Sendable (_ path: String, _ limit: Int) -> FileRead

  /// Whose the thing is that a path leads to, and who may do what with it; `nil` where that cannot be told.
  package var fileStatus: @Sendable (_ path: String) -> FileStatus?

  /// The target of a symbolic link, never followed; absent where there is nothing or no link.
  package var readLink: @Sendable (_ path: String) -> FileRead

  /// The names in a directory without `.` and `..`, in no order.
  package var listDirectory: @Sendable (_ path: String) -> DirectoryRead<DirectoryListing>

  /// Replaces the file at `path` as contract §5 says, by the pieces that `contents` writes.
  ///
  /// `started` is the wall-clock start of the run: a file whose run started later stays.
  package var publish:
    @Sendable (_ path: String, _ contents: ByteProducer, _ started: Nanoseconds) throws(PublishError) ->
      PublishResult

  /// Removes the file at `path` and what a killed run has left beside it, under the same lock; whether it was there.
  package var remove: @Sendable (_ path: String) throws(PublishError) -> Bool

  /// Writes to descriptor 1 or 2, whole; `false` if the reader is gone or the write failed.
  package var write: @Sendable (_ stream: OutputStream, _ bytes: [UInt8]) -> Bool

  /// Nanoseconds since boot (`CLOCK_BOOTTIME`).
  package var now: @Sendable () -> Nanoseconds

  /// Nanoseconds since 1970 (`CLOCK_REALTIME`).
  package var wallClock: @Sendable () -> Nanoseconds

  /// Waits until `now` reaches the moment or SIGTERM or SIGINT arrives; `true` if it was a signal.
  package var sleep: @Sendable (_ until: Nanoseconds) -> Bool

  /// Whether SIGTERM or SIGINT has arrived.
  package var isTerminated: @Sendable () -> Bool

  /// One environment variable, decoded with invalid UTF-8 replaced; `nil` where it is not set.
  package var environment: @Sendable (_ name: String) -> String?

  /// Columns of the terminal that standard output is, 0 if it does not say; `nil` where it is no terminal.
  package var terminalWidth: @Sendable () -> Int?

  package init(
    spawn: @escaping @Sendable ([ChildCommand], Nanoseconds) -> [ChildOutcome],
    abandonedChildren: @escaping @Sendable () -> Int,
    isExecutable: @escaping @Sendable (String) -> Bool,
    openProcesses: @escaping @Sendable (String) -> ProcessDirectoryReader,
    readFile: @escaping @Sendable (String, Int) -> FileRead,
    readLink: @escaping @Sendable (String) -> FileRead,
    listDirectory: @escaping @Sendable (String) -> DirectoryRead<DirectoryListing>,
    publish: @escaping @Sendable (String, ByteProducer, Nanoseconds) throws(PublishError) -> PublishResult,
    remove: @escaping @Sendable (String) throws(PublishError) -> Bool = { _ in false },
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
    self.publish = publish
    self.remove = remove
    self.write = write
    self.now = now
    self.wallClock = wallClock
    self.sleep = sleep
    self.isTerminated = isTerminated
    self.environment = environment
    self.terminalWidth = terminalWidth
    self.fileStatus = fileStatus
  }
}

/// Opens the directory of one process once, as a descriptor, and lends a reader of the files below it.
///
/// `body` is called at most once; ``DirectoryOpened/absent`` means that there is no such process.
package typealias ProcessDirectoryReader =
  @Sendable (_ pid: Int32, _ body: (_ read: (_ name: String, _ limit: Int) -> FileRead) -> Void) -> DirectoryOpened

/// What makes the contents of a file: it hands them over piece by piece.
package typealias ByteProducer = (_ write: @escaping ([UInt8]) -> Void) -> Void

/// A span or a moment in nanoseconds; which clock is said where it is used.
package typealias Nanoseconds = Int64

/// Standard output or standard error.
package enum OutputStream: Int32, Sendable {
  case standardOutput = 1
  case standardError = 2
}
