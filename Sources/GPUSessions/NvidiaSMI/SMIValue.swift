/// One value as nvidia-smi prints it: a field of CSV, a word of `pmon` or of the table.
///
/// nvidia-smi prints a phrase in place of a value that it does not have. Such a value is `nil` here and never 0.
package struct SMIValue {
  /// Why nvidia-smi prints no value.
  package enum Absence: Sendable {
    /// There is none: `N/A`, `Not Supported`, a dash, nothing at all, or a phrase that is not known.
    case notAvailable
    /// The driver could not answer.
    case unknownError
    /// The caller may not know.
    case insufficientPermissions
    /// The GPU does not answer the driver.
    case lostGPU
  }

  /// The bytes as printed, without blanks around them.
  package let raw: ArraySlice<UInt8>

  package init(_ bytes: ArraySlice<UInt8>) { raw = bytes.trimmed }

  /// A value that has no blanks around it.
  init(word: ArraySlice<UInt8>) { raw = word }

  /// Why there is no value; `nil` if there is one.
  package var absence: Absence? {
    guard let first = raw.first else { return .notAvailable }
    // No phrase begins with a digit.
    if isDigit(first) { return nil }
    return knownAbsence ?? (isBracketed ? .notAvailable : nil)
  }

  /// Whether this is a phrase in place of a name. A dash may be a name, and so may any text in brackets.
  package var isPhrase: Bool { raw.count > 1 && knownAbsence != nil }

  /// CSV puts its phrases into brackets; the table, pmon and some fields of CSV (`fabric.state`) do not.
  private var isBracketed: Bool { raw.first == UInt8(ascii: "[") && raw.last == UInt8(ascii: "]") }

  private var knownAbsence: Absence? {
    let phrase = isBracketed ? raw.dropFirst().dropLast() : raw
    return SMIValue.phrases.first { phrase.equals($0.text) }?.absence
  }

  /// Phrases seen in place of values (drivers 418 to 610).
  private static let phrases: [(text: String, absence: Absence)] = [
    ("-", .notAvailable), ("N/A", .notAvailable), ("Not Found", .notAvailable), ("Not Supported", .notAvailable),
    ("Function Not Found", .notAvailable), ("Requested functionality has been deprecated", .notAvailable),
    ("Unknown Error", .unknownError), ("Insufficient Permissions", .insufficientPermissions),
    ("GPU is lost", .lostGPU), ("GPU is inaccessible", .lostGPU), ("GPU requires reset", .lostGPU),
  ]

  /// The bytes of the value, never empty; `nil` if there is none.
  package var value: ArraySlice<UInt8>? { absence == nil ? raw : nil }

  /// The value as text, invalid UTF-8 replaced; empty if there is none.
  package var text: String { value?.text ?? "" }

  /// The value as text, invalid UTF-8 replaced; `nil` if there is none.
  package var known: String? { value?.text }

  /// A whole number without sign and unit; `nil` for all other values.
  package var integer: Int? { value?.integer }

  /// A process ID, from 1 to 2,147,483,647; `nil` for all other values.
  package var pid: Int32? { integer.flatMap { Int32(exactly: $0) }.flatMap { $0 > 0 ? $0 : nil } }

  /// A number with this unit or without one, as in `433.78 W`, `2296MiB` or `45`; `nil` for all other values.
  package func number(unit: String) -> Double? { beforeUnit(unit)?.fixedPoint }

  /// A number from 0 to 100 with `%` or without; `nil` for all other values.
  package var percent: Double? { number(unit: "%").flatMap { (0...100).contains($0) ? $0 : nil } }

  /// The number of bytes that a whole number of MiB stands for, with `MiB` or without; `nil` for all other values.
  package var mebibytes: UInt64? {
    guard let count = beforeUnit("MiB")?.decimal else { return nil }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: 1_048_576)
    return overflow ? nil : bytes
  }

  /// Returns the bytes before the unit, or all of them without it; `nil` if there is no value.
  private func beforeUnit(_ unit: String) -> ArraySlice<UInt8>? {
    guard absence == nil else { return nil }
    return raw.ends(with: unit) ? raw[..<(raw.endIndex - unit.utf8.count)].trimmed : raw
  }
}
