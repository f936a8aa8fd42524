/// What one cell of nvidia-smi's output says. A non-value is absent, never 0.
///
/// CSV brackets its non-values (`[N/A]`, `[Unknown Error]`), XML does not; both forms and the bare `N/A` of some
/// fields are known (drivers 418 to 610).
package struct SMIValue {
  /// Without surrounding blanks.
  package let raw: ArraySlice<UInt8>

  package init(_ bytes: ArraySlice<UInt8>) {
    // XML lays text out on lines of its own.
    raw = bytes.trimming { isBlank($0) || $0 == UInt8(ascii: "\n") }
  }

  /// The bytes, `nil` for a non-value.
  package var value: ArraySlice<UInt8>? {
    if raw.isEmpty || (raw.first == UInt8(ascii: "[") && raw.last == UInt8(ascii: "]")) { return nil }
    return isBareNonValue ? nil : raw
  }

  /// The text with invalid UTF-8 replaced, empty for a non-value.
  package var text: String { value?.text ?? "" }

  /// A whole number without a unit.
  package var integer: Int? { value?.decimal.flatMap { Int(exactly: $0) } }

  /// A number with this unit or none: `100 %`, `433.78 W`, `45`.
  package func number(unit: String) -> Double? {
    if let whole = bareNumber { return Double(whole) }
    guard let value else { return nil }
    let end = value.position(of: UInt8(ascii: " ")) ?? value.endIndex
    let rest = value[end...].trimmed
    guard rest.isEmpty || rest.equals(unit) else { return nil }
    return fixedPoint(value[..<end])
  }

  /// The number of a cell that is nothing but a few digits.
  private var bareNumber: UInt64? { raw.count <= 12 ? raw.decimal : nil }

  /// A number from 0 to 100 with `%` or without; `nil` for anything beyond.
  package var percent: Double? { number(unit: "%").flatMap { (0...100).contains($0) ? $0 : nil } }

  /// Bytes from a number of MiB.
  package var mebibytes: UInt64? {
    if let count = raw.leadingMebibytes { return count * 1_048_576 }
    guard let value else { return nil }
    let end = value.position(of: UInt8(ascii: " ")) ?? value.endIndex
    let rest = value[end...].trimmed
    guard rest.isEmpty || rest.equals("MiB"), let count = value[..<end].decimal else { return nil }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: 1_048_576)
    return overflow ? nil : bytes
  }

  /// Whether the cell says that the GPU behind it is out of reach.
  package var saysLost: Bool { isOne(of: ["GPU is lost", "GPU is inaccessible", "GPU requires reset"]) }

  /// Whether the cell says that the driver could not answer or would not.
  package var saysUnknownOrForbidden: Bool { isOne(of: ["Unknown Error", "Insufficient Permissions"]) }

  /// Whether the cell says that the caller may not know.
  package var saysForbidden: Bool { isOne(of: ["Insufficient Permissions"]) }

  private func isOne(of phrases: [String]) -> Bool {
    var bare = raw
    if bare.first == UInt8(ascii: "["), bare.last == UInt8(ascii: "]") { bare = bare.dropFirst().dropLast() }
    return phrases.contains { bare.equals($0) }
  }

  /// Most cells are told from all non-values by their first byte.
  private var isBareNonValue: Bool {
    switch raw.first {
    case UInt8(ascii: "-"): raw.count == 1
    case UInt8(ascii: "F"), UInt8(ascii: "G"), UInt8(ascii: "I"), UInt8(ascii: "N"), UInt8(ascii: "R"),
      UInt8(ascii: "U"):
      SMIValue.bareNonValues.contains { raw.equals($0) }
    default: false
    }
  }

  /// Beside `-`.
  private static let bareNonValues = [
    "N/A", "Not Found", "Not Supported", "Insufficient Permissions", "Unknown Error", "GPU is lost",
    "GPU is inaccessible", "GPU requires reset", "Function Not Found",
    "Requested functionality has been deprecated",
  ]
}

/// Digits, at most one point and a leading minus; no exponent, no `nan`, no `0x`.
private func fixedPoint(_ bytes: ArraySlice<UInt8>) -> Double? {
  let digits = bytes.first == UInt8(ascii: "-") ? bytes.dropFirst() : bytes
  let isPlain = digits.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
  guard isPlain, digits.contains(where: { $0 != UInt8(ascii: ".") }), bytes.count <= 32 else { return nil }
  return Double(bytes.text)
}

extension ArraySlice<UInt8> {
  /// The number of what is nothing but a few digits, with ` MiB` after them or not; `nil` for all other spellings.
  fileprivate var leadingMebibytes: UInt64? {
    let bytes = span
    var (number, count): (UInt64, Int) = (0, 0)
    while count < bytes.count, bytes[count] &- UInt8(ascii: "0") < 10 {
      if count == 12 { return nil }
      number = number &* 10 &+ UInt64(bytes[count] & 0x0F)
      count += 1
    }
    if count == bytes.count { return count > 0 ? number : nil }
    guard count > 0, bytes.count == count + 4, bytes[count] == UInt8(ascii: " "),
      bytes[count + 1] == UInt8(ascii: "M"), bytes[count + 2] == UInt8(ascii: "i"),
      bytes[count + 3] == UInt8(ascii: "B")
    else { return nil }
    return number
  }
}
