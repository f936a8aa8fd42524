/// Writes the Prometheus text exposition format (0.0.4), by byte and in pieces of whole lines.
package struct ExpositionWriter {
  /// What has been written and not been handed over.
  package private(set) var bytes: [UInt8] = []
  private let write: (([UInt8]) -> Void)?
  /// ``closing(_:)``.
  private let closing: [UInt8]
  /// Name, HELP and TYPE of the family that is written; empty before there is one.
  private var name: [UInt8] = []
  private var header: [UInt8] = []
  private var isHeaderWritten = false
  /// Where the labels of the sample being written begin.
  private var labelsStart = 0

  /// Hands over what is written to `write`, all but the last by pieces of some size; without it ``bytes`` has all.
  package init(constantLabels: [Label], write: (([UInt8]) -> Void)? = nil) {
    self.write = write
    if write != nil { bytes.reserveCapacity(ExpositionWriter.pieceSize + 4_096) }
    closing = ExpositionWriter.closing(constantLabels)
  }

  /// What ends the labels of a sample: the constant ones, and the brace.
  static func closing(_ constantLabels: [Label]) -> [UInt8] {
    var rendered: [UInt8] = []
    for label in constantLabels { rendered.append(label: label.name, label.value) }
    rendered.append(UInt8(ascii: "}"))
    return rendered
  }

  private static let pieceSize = 32 << 10

  /// Hands over what is left.
  mutating func flush() {
    guard let write, !bytes.isEmpty else { return }
    write(bytes)
    bytes.removeAll(keepingCapacity: true)
  }

  /// Names the family that the next samples belong to; its HELP and TYPE appear with the first of them.
  package mutating func begin(_ family: MetricFamily) {
    if name.elementsEqual(family.name.utf8) { return }
    name = Array(family.name.utf8)
    header = Array("# HELP ".utf8) + name + Array(" ".utf8) + Array(family.help.utf8)
    header += Array("\n# TYPE ".utf8) + name + Array(" gauge\n".utf8)
    isHeaderWritten = false
  }

  /// One sample. A label with a `nil` value is left out; the constant ones come last.
  package mutating func sample(_ labels: [(name: String, value: String?)], _ value: Double) {
    open()
    for label in labels { self.label(label.name, label.value) }
    close(value)
  }

  /// One sample whose labels are rendered already, from brace to brace.
  mutating func sample(closed labels: ArraySlice<UInt8>, _ value: Double) {
    if name.isEmpty { return }
    if !isHeaderWritten { bytes += header }
    isHeaderWritten = true
    bytes += name
    bytes += labels
    end(value)
  }

  /// Begins a sample, whose first labels may be rendered already; ``label(_:_:)`` adds more, ``close(_:)`` ends it.
  mutating func open(_ labels: ArraySlice<UInt8> = []) {
    if name.isEmpty { return }
    if !isHeaderWritten { bytes += header }
    isHeaderWritten = true
    bytes += name
    labelsStart = bytes.count
    bytes += labels
  }

  /// One more label of the sample being written; none where the value is `nil`.
  mutating func label(_ name: String, _ value: String?) {
    if let value, !self.name.isEmpty { bytes.append(label: name, value) }
  }

  /// The same, of a label whose beginning is rendered already.
  mutating func label(_ opening: LabelOpening, _ value: String?) {
    if let value, !name.isEmpty { bytes.append(opening, value) }
  }

  /// One more label, the UID of a pod.
  mutating func label(_ opening: LabelOpening, _ uid: PodUID?) {
    guard let uid, !name.isEmpty else { return }
    bytes.append(opening, uid.text)
  }

  /// One more label, a whole number of mebibytes.
  mutating func label(_ opening: LabelOpening, mebibytes value: UInt64) {
    if name.isEmpty { return }
    bytes.append(opening, decimal: value)
    bytes.append(UInt8(ascii: "M"))
    bytes.append(UInt8(ascii: "i"))
    bytes.append(UInt8(ascii: "B"))
    bytes.append(UInt8(ascii: "\""))
  }

  /// Labels that are rendered already.
  mutating func labels(_ rendered: [UInt8]) {
    if !name.isEmpty { bytes += rendered }
  }

  /// Ends a sample: the constant labels, and the value.
  mutating func close(_ value: Double) {
    if name.isEmpty { return }
    if bytes.count > labelsStart || closing.count > 1 {
      bytes += closing
      bytes[labelsStart] = UInt8(ascii: "{")
    }
    end(value)
  }

  private mutating func end(_ value: Double) {
    bytes.append(UInt8(ascii: " "))
    bytes.append(number: value)
    bytes.append(UInt8(ascii: "\n"))
    if bytes.count >= ExpositionWriter.pieceSize { flush() }
  }

  /// The shortest text that reads back as the same number; whole numbers without a point.
  package static func number(_ value: Double) -> String {
    var bytes: [UInt8] = []
    bytes.append(number: value)
    return bytes[...].text
  }
}
