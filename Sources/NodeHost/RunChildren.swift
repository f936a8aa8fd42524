import GPUSessions
import Glibc

/// What all children need to know in one round of waiting. Moments are of the boot clock.
struct Round {
  var now: Nanoseconds
  var deadline: Nanoseconds
  var isTerminated: Bool
  var buffer: UnsafeMutableRawBufferPointer
  var abandoned: AbandonedChildren
}

/// Starts all commands at the same time and returns their outcomes, in the order of the commands.
///
/// Returns less than a second after the deadline (boot clock). Nothing is started after the deadline or after a
/// termination signal. Children that cannot be killed are added to `abandoned`.
func runChildren(
  _ commands: [ChildCommand], until deadline: Nanoseconds, abandoned: AbandonedChildren
) -> [ChildOutcome] {
  let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: readBufferSize, alignment: 1)
  defer { buffer.deallocate() }
  var children = commands.map { startUnlessLate($0, deadline) }
  var tick = firstTick
  while children.contains(where: { $0.outcome == nil }) {
    let now = bootClock()
    let untilDeadline = deadline > now ? deadline - now : tick
    let open = waitForOutput(children, atMost: max(shortestTick, min(tick, untilDeadline)))
    for index in children.indices { children[index].read(through: buffer) }
    // A child that closes its output usually ends within microseconds. No descriptor becomes ready by that, so the
    // next look is soon.
    let hasClosed = openStreams(children).count < open
    tick = hasClosed ? shortestTick : min(tick * 2, longestTick)
    let round = Round(
      now: bootClock(), deadline: deadline, isTerminated: isTerminationPending(),
      buffer: buffer, abandoned: abandoned)
    for index in children.indices { children[index].advance(round) }
  }
  return children.compactMap(\.outcome)
}

/// Times between two looks for ended children and signals: at first, at most, and at least. Output ends the wait at once.
/// Who waits for a driver that hangs looks 20 times a second.
private let firstTick = 5 * Nanoseconds.perMillisecond
private let longestTick = 50 * Nanoseconds.perMillisecond
private let shortestTick = Nanoseconds.perMillisecond / 20

private func startUnlessLate(_ command: ChildCommand, _ deadline: Nanoseconds) -> RunningChild {
  if isTerminationPending() { return RunningChild(notStarted: .terminated) }
  if bootClock() >= deadline { return RunningChild(notStarted: .deadline) }
  do {
    return try startChild(command)
  } catch {
    return RunningChild(notStarted: .notStarted(error))
  }
}

/// Waits until a stream can be read, at most `tick`, by `ppoll(2)`; returns the number of open streams.
private func waitForOutput(_ children: [RunningChild], atMost tick: Nanoseconds) -> Int {
  var entries = openStreams(children).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
  var timeout = tick.timespec
  ppoll(&entries, nfds_t(entries.count), &timeout, nil)
  return entries.count
}

private func openStreams(_ children: [RunningChild]) -> [Int32] {
  children.flatMap { [$0.output.descriptor, $0.errors.descriptor].compactMap(\.self) }
}
