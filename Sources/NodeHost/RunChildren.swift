import GPUSessions
import Glibc

/// What one round of waiting knows. Moments are of the boot clock, in nanoseconds.
struct Round {
  var now: Nanoseconds
  var deadline: Nanoseconds
  var isTerminated: Bool
  var buffer: UnsafeMutableRawBufferPointer
  var abandoned: AbandonedChildren
}

/// Starts all commands at the same time and waits until each has an outcome, in their order.
///
/// Takes less than a second past the deadline (boot clock, nanoseconds); after it, and after a termination
/// signal, nothing is started. What had to be left alone goes to `abandoned`.
func runChildren(
  _ commands: [ChildCommand], until deadline: Nanoseconds, abandoned: AbandonedChildren
) -> [ChildOutcome] {
  let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: readBufferSize, alignment: 1)
  defer { buffer.deallocate() }
  var children = commands.map { startUnlessLate($0, deadline) }
  var tick = longestTick
  while children.contains(where: { $0.outcome == nil }) {
    let open = waitForOutput(children, atMost: tick)
    for index in children.indices { children[index].read(through: buffer) }
    // A stream that ends is most often followed by the end of its process within microseconds.
    let hasClosed = openStreams(children).count < open
    tick = hasClosed ? shortestTick : min(tick * 2, longestTick)
    let round = Round(
      now: bootClock(), deadline: deadline, isTerminated: isTerminationPending(),
      buffer: buffer, abandoned: abandoned)
    for index in children.indices { children[index].advance(round) }
  }
  return children.compactMap(\.outcome)
}

/// How often to look for ended children and for signals; output is seen at once.
private let longestTick = 5 * Nanoseconds.perMillisecond
private let shortestTick = Nanoseconds.perMillisecond / 20

private func startUnlessLate(_ command: ChildCommand, _ deadline: Nanoseconds) -> RunningChild {
  if isTerminationPending() { return RunningChild(notStarted: .terminated) }
  if bootClock() >= deadline { return RunningChild(notStarted: .deadline) }
  do {
    return try startChild(command)
  } catch {
    return RunningChild(notStarted: .notStarted(error.errno))
  }
}

/// Waits by `ppoll(2)` until a stream has something, at most a tick; answers the number of open streams.
private func waitForOutput(_ children: [RunningChild], atMost tick: Nanoseconds) -> Int {
  var entries = openStreams(children).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
  var timeout = tick.timespec
  ppoll(&entries, nfds_t(entries.count), &timeout, nil)
  return entries.count
}

private func openStreams(_ children: [RunningChild]) -> [Int32] {
  children.flatMap { [$0.output.descriptor, $0.errors.descriptor].compactMap(\.self) }
}
