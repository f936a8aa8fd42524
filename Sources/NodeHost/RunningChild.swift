import GPUSessions
import Glibc

/// One child from its start until its outcome is known.
struct RunningChild {
  /// The state of the child. Moments are of the boot clock.
  private enum Phase {
    case running
    /// It has ended, and its output is read until it is closed or until this moment.
    ///
    /// It is not reaped yet, so that no other process group can get its number.
    case draining(until: Nanoseconds)
    /// It has been sent a signal. It is killed at `killAt` if it still runs, and abandoned at `giveUpAt`.
    case stopping(why: ChildOutcome.End, killAt: Nanoseconds, giveUpAt: Nanoseconds)
    case finished(ChildOutcome.End)
  }

  /// Time between SIGTERM and SIGKILL.
  private static let termGrace = 200 * Nanoseconds.perMillisecond
  /// Time after SIGKILL until the child is abandoned.
  private static let killGrace = 500 * Nanoseconds.perMillisecond
  /// Time after the end of the child in which processes that it started may still write to its pipes.
  private static let drainGrace = 100 * Nanoseconds.perMillisecond

  private let pid: pid_t
  private var phase: Phase
  private(set) var output: Capture
  private(set) var errors: Capture

  /// A child that has been started.
  init(pid: pid_t, output: Capture, errors: Capture) {
    self.pid = pid
    self.phase = .running
    self.output = output
    self.errors = errors
  }

  /// A child that was not started.
  init(notStarted end: ChildOutcome.End) {
    self.pid = 0
    self.phase = .finished(end)
    self.output = Capture(nil, limit: 0)
    self.errors = Capture(nil, limit: 0)
  }

  /// The outcome; `nil` until the child is finished.
  var outcome: ChildOutcome? {
    guard case .finished(let end) = phase else { return nil }
    return ChildOutcome(end: end, standardOutput: output.bytes, standardError: errors.bytes)
  }

  private var isDry: Bool { output.descriptor == nil && errors.descriptor == nil }
  private var isOverLimit: Bool { output.isOverLimit || errors.isOverLimit }

  /// Reads once from each stream.
  mutating func read(through buffer: UnsafeMutableRawBufferPointer) {
    _ = output.read(through: buffer)
    _ = errors.read(through: buffer)
  }

  /// Checks whether the child has ended, and signals, reaps or abandons it if it is time to.
  mutating func advance(_ round: Round) {
    switch phase {
    case .finished: break
    case .running: advanceRunning(round)
    case .draining(let until): finishIfDrained(round, until)
    case .stopping(let why, let killAt, let giveUpAt): advanceStopping(round, why, killAt, giveUpAt)
    }
  }

  private mutating func advanceRunning(_ round: Round) {
    if hasEnded(pid) {
      let until = round.now + Self.drainGrace
      phase = .draining(until: until)
      finishIfDrained(round, until)
    } else if isOverLimit {
      stop(.outputLimit, round, grace: 0)
    } else if round.isTerminated {
      stop(.terminated, round, grace: 0)
    } else if round.now >= round.deadline {
      stop(.deadline, round, grace: Self.termGrace)
    }
  }

  private mutating func finishIfDrained(_ round: Round, _ until: Nanoseconds) {
    guard isDry || isOverLimit || round.now >= until else { return }
    // A process that the child started still holds a pipe and would otherwise outlive this run.
    if !isDry || isOverLimit { signalGroup(pid, SIGKILL) }
    let end = reap(pid)
    if let code = output.failure ?? errors.failure {
      finish(.notStarted(code))
    } else {
      finish(isOverLimit ? .outputLimit : end)
    }
  }

  private mutating func stop(_ why: ChildOutcome.End, _ round: Round, grace: Nanoseconds) {
    let killAt = round.now + grace
    signalGroup(pid, grace > 0 ? SIGTERM : SIGKILL)
    phase = .stopping(why: why, killAt: killAt, giveUpAt: killAt + Self.killGrace)
  }

  private mutating func advanceStopping(
    _ round: Round, _ why: ChildOutcome.End, _ killAt: Nanoseconds, _ giveUpAt: Nanoseconds
  ) {
    if hasEnded(pid) {
      signalGroup(pid, SIGKILL)
      _ = reap(pid)
      while output.read(through: round.buffer) {}
      while errors.read(through: round.buffer) {}
      finish(why)
    } else if round.now >= giveUpAt {
      round.abandoned.remember(pid)
      finish(.abandoned)
    } else if round.now >= killAt {
      signalGroup(pid, SIGKILL)
    }
  }

  private mutating func finish(_ end: ChildOutcome.End) {
    output.close()
    errors.close()
    phase = .finished(end)
  }
}
