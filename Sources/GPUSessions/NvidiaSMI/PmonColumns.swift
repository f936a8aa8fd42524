/// The columns that a header of `nvidia-smi pmon` names.
///
/// Their order and number vary between drivers (before 535, 550 to 610) and with the options, so they are found by name.
struct PmonColumns {
  private let pid, type, sm, mem, enc, dec: Int?
  /// Number of columns before `command`, the last one, which may have several words or none.
  let countBeforeCommand: Int

  /// Reads the words of a header without its `#`; `nil` for a line that does not begin with `gpu`.
  init?(header words: Words) {
    let names = words.map(\.text)
    guard names.first == "gpu" else { return nil }
    pid = names.firstIndex(of: "pid")
    type = names.firstIndex(of: "type")
    sm = names.firstIndex(of: "sm")
    mem = names.firstIndex(of: "mem")
    enc = names.firstIndex(of: "enc")
    dec = names.firstIndex(of: "dec")
    countBeforeCommand = names.firstIndex(of: "command") ?? names.count
  }

  /// Returns what the words of a row have for the PID.
  func pid(_ words: Words) -> SMIValue { value(pid, words) }

  /// Returns what the words of a row say of the process.
  func row(_ words: Words) -> Pmon.Row {
    Pmon.Row(
      type: value(type, words).value?.text,
      utilization: ProcessUtilization(
        sm: value(sm, words).percent, memoryBandwidth: value(mem, words).percent,
        encoder: value(enc, words).percent, decoder: value(dec, words).percent))
  }

  /// Returns the word in this column; an absent value if there is no such column.
  private func value(_ column: Int?, _ words: Words) -> SMIValue {
    guard let index = column, index < words.count else { return SMIValue([]) }
    return SMIValue(word: words[index])
  }
}
