/// The command `show --interval`: on a terminal a screen that is drawn anew at each tick, else one table after another.
///
/// A class, because the schedule calls it for each tick and while it waits for the next one.
final class LiveView {
  /// What is drawn at one tick. It is kept, to be drawn again when the terminal has another size.
  private struct Picture {
    var outcome: Outcome
    var changes: SessionChanges
    var sentences: [String]
  }

  /// The size of the terminal.
  private struct Size: Equatable {
    var width: Int?
    var height: Int
  }

  private let host: Host
  private let options: Options
  private let isOnScreen: Bool
  private var picture: Picture?
  private var memory = DriverMemory()
  /// What was read last; `nil` before the first collection that did not fail.
  private var node: NodeState?
  private var size: Size?
  private var isWritten = true
  /// Lets the terminal obey its keys again.
  private var restoreKeys: @Sendable () -> Void = {}

  init(_ host: Host, _ options: Options) {
    (self.host, self.options) = (host, options)
    isOnScreen = host.terminalWidth() != nil && host.environment("TERM") != "dumb" && !options.isJSON
  }

  /// Returns the exit status of the last run. Afterwards standard error has the sentences of the last run.
  func run() -> ExitStatus {
    if isOnScreen {
      restoreKeys = host.silenceKeys()
      write(Screen.enter)
    }
    let status = Schedule(host: host, options: options).run(sleep: wait, tick)
    if isOnScreen {
      write(Screen.leave)
      restoreKeys()
      for sentence in picture?.sentences ?? [] { diagnose(sentence, host) }
    }
    if picture == nil { diagnose("error: " + CollectionFailure.terminated.sentence, host) }
    if isWritten { return status }
    diagnose("error: standard output cannot be written", host)
    return .cannotCreate
  }

  /// Collects and draws. Returns `nil` if SIGTERM or SIGINT arrived meanwhile.
  private func tick() -> ExitStatus? {
    let (host, options, isOnScreen, restoreKeys) = (host, options, isOnScreen, restoreKeys)
    var once = options
    // A run that takes longer than the interval is no failure here: the ticks that it misses are skipped.
    once.interval = nil
    let outcome = Outcome.collecting(
      host, once, memory: memory,
      ending: {
        if isOnScreen { _ = host.write(.standardOutput, Array(Screen.leave.utf8)) }
        restoreKeys()
      }
    ) { hanging in
      report(hanging, host, options)
      diagnose("error: no further run: the read that hangs cannot be given up", host)
      return .failure
    }
    memory = outcome.report.driver
    if outcome.failure == .terminated || host.isTerminated() { return nil }
    present(outcome)
    return outcome.failure == nil ? .success : .failure
  }

  private func present(_ outcome: Outcome) {
    var changes = SessionChanges()
    if let new = outcome.node {
      if let node { changes = SessionChanges(from: node, to: new).filtered(by: options.filter) }
      node = new
    }
    let isFirst = picture == nil
    let outcome = outcome.filtered(by: options.filter).sorted(by: options.order)
    picture = Picture(outcome: outcome, changes: changes, sentences: diagnostics(outcome, host, options))
    if isOnScreen { return draw() }
    if options.isJSON {
      write(showJSON(outcome))
    } else if outcome.node != nil {
      write((isFirst ? "" : "\n") + showTable(outcome, Page(host), changes))
    }
    report(outcome, host, options)
  }

  /// Waits for the next tick, and draws again when the terminal has another size. Returns `true` if there is to be no next
  /// tick.
  private func wait(_ tick: Nanoseconds) -> Bool {
    while isWritten, host.now() < tick {
      if host.sleep(isOnScreen ? min(tick, host.now() + 200 * .perMillisecond) : tick) { return true }
      if isOnScreen, size != currentSize { draw() }
    }
    return !isWritten
  }

  private var currentSize: Size { Size(width: host.terminalWidth(), height: host.terminalHeight()) }

  private func draw() {
    size = currentSize
    guard let picture else { return }
    // A terminal that does not tell its height has at least 24 lines.
    let height = host.terminalHeight()
    let screen = Screen(page: Page(host), height: height > 0 ? height : 24)
    write(screen.drawing(lines(picture, screen.page)))
  }

  /// The lines of the screen. Sentences come before the table, whose end may have no room.
  private func lines(_ picture: Picture, _ page: Page) -> [TableLine] {
    let outcome = picture.outcome
    var head = TableLine()
    head.add(Quantity.time(outcome.report.started), .strong)
    head.add(
      "  every \(Quantity.seconds(options.interval ?? 0))  + new  - ended  ~ other owner  Ctrl-C ends", .faint)
    let style: TableLine.Style = outcome.failure == nil ? .caution : .bad
    var lines = [head] + picture.sentences.flatMap { page.wrapped($0.printable, style) } + [TableLine()]
    if let node = outcome.node { lines += tableLines(node, page, picture.changes) }
    let problems = problemLines(outcome)
    if outcome.node != nil, let title = problems.first {
      lines += [TableLine(), title] + problems.dropFirst().flatMap { page.wrapped($0.spans.map(\.text).joined()) }
    }
    return lines
  }

  private func write(_ text: String) {
    if !text.isEmpty, !host.write(.standardOutput, Array(text.utf8)) { isWritten = false }
  }
}
