/// The text of a string with escapes, which the scanner has found well-formed.
///
/// Half a pair of surrogates (`\ud800`) spells nothing and is a mismatch.
func jsonText(_ raw: ArraySlice<UInt8>) throws(JSONMismatch) -> String {
  var text: [UInt8] = []
  text.reserveCapacity(raw.count)
  var rest = raw
  while let byte = rest.popFirst() {
    guard byte == UInt8(ascii: "\\"), let letter = rest.popFirst() else {
      text.append(byte)
      continue
    }
    if letter == UInt8(ascii: "u") {
      text += try scalar(&rest).utf8
    } else {
      text.append(control(letter))
    }
  }
  return text[...].text
}

/// `\n` and the others of one letter; the letter itself for `\"`, `\\` and `\/`.
private func control(_ letter: UInt8) -> UInt8 {
  switch letter {
  case UInt8(ascii: "b"): 0x08
  case UInt8(ascii: "f"): 0x0C
  case UInt8(ascii: "n"): 0x0A
  case UInt8(ascii: "r"): 0x0D
  case UInt8(ascii: "t"): 0x09
  default: letter
  }
}

/// The scalar of the four digits at the front, and of `\uXXXX` behind them where they are half a pair.
private func scalar(_ rest: inout ArraySlice<UInt8>) throws(JSONMismatch) -> String {
  let unit = try codeUnit(&rest)
  if let scalar = Unicode.Scalar(unit) { return String(scalar) }
  guard rest.popFirst() == UInt8(ascii: "\\"), rest.popFirst() == UInt8(ascii: "u") else { throw JSONMismatch() }
  let pair = [UInt16(truncatingIfNeeded: unit), UInt16(truncatingIfNeeded: try codeUnit(&rest))]
  guard let text = String(validating: pair, as: UTF16.self) else { throw JSONMismatch() }
  return text
}

private func codeUnit(_ rest: inout ArraySlice<UInt8>) throws(JSONMismatch) -> UInt32 {
  guard let unit = UInt32(rest.prefix(4).text, radix: 16) else { throw JSONMismatch() }
  rest = rest.dropFirst(4)
  return unit
}
