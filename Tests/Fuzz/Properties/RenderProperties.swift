import GPUSessions

/// What is written: to the file that is published, to JSON, to a terminal.
let renderTargets = [
  FuzzTarget("exposition", checkExposition), FuzzTarget("text", checkText),
]

/// The input is cut into label values at each 0x1F; the bytes of each are a number too.
private func checkExposition(_ input: [UInt8], _ findings: inout Findings) {
  let fields = input.split(separator: 0x1F, maxSplits: 32, omittingEmptySubsequences: false).map(Array.init)
  let constant = Label("constant", fields[0].asText)
  var exposition = ExpositionWriter(constantLabels: [constant])
  var expected: [(family: String, labels: [String: String], value: Double)] = []
  for (index, field) in fields.enumerated() {
    let family = catalogue[index / 4 % catalogue.count]
    let bits = field.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let value = Double(bitPattern: bits).isFinite ? Double(bitPattern: bits) : Double(bits)
    exposition.begin(family)
    let columns: [Column<String>] = [
      Column("a") { $0 }, Column("b") { _ in String?.none }, Column("number") { _ in "\(index)" },
    ]
    exposition.sample(columns, of: field.asText, value)
    expected.append(
      (family.name, ["a": field.asText.outsideText, "number": "\(index)", constant.name: constant.value], value))
  }
  do throws(ExpositionReader.Malformed) {
    let samples = try ExpositionReader(exposition.bytes).samples
    findings.require(samples.count == expected.count, "as many samples as were written")
    for (sample, one) in zip(samples, expected) {
      findings.require(sample.name == one.family && sample.value == one.value, "a sample reads back as written")
      findings.require(
        sample.labels.count == one.labels.count
          && sample.labels.allSatisfy { Array($0.value.utf8) == one.labels[$0.key].map { Array($0.utf8) } },
        "labels read back as written")
    }
  } catch {
    findings.require(false, "what was rendered parses: \(error)")
  }
}

private func checkText(_ input: [UInt8], _ findings: inout Findings) {
  let text = input.asText
  let json = JSONWriter(.array([.string(text), .object([(name: text, value: .null)])])).bytes
  findings.require(
    decodeJSON([Either].self, from: json)?.first?.text?.utf8.elementsEqual(text.utf8) ?? false, "JSON reads back")
  findings.require(!json.contains { ($0 < 0x20 && $0 != 0x0A) || $0 == 0x7F }, "JSON has no control characters")
  let printable = text.printable
  findings.require(isPrintable(printable), "a printable text is one")
  findings.require(printable.printable == printable, "a printable text stays")
  for width in [0, 1, 2, 7, 40] {
    findings.require(printable.cut(to: width).columns <= width, "a text is cut to the columns")
    let (left, right) = (printable.fitted(width), printable.fitted(width, atRight: true))
    findings.require(left.columns == width || printable.columns > width, "a text is filled up to the columns")
    findings.require(left.columns == right.columns && left.columns <= width, "either side is filled alike")
  }
}

/// The elements of the array above: a text, or an object.
private struct Either: Decodable {
  var text: String?

  init(from decoder: any Decoder) throws {
    text = try? decoder.singleValueContainer().decode(String.self)
  }
}

/// Whether no scalar moves the cursor, begins an escape sequence or turns the direction of writing.
func isPrintable(_ text: String) -> Bool {
  text.unicodeScalars.allSatisfy { scalar in
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x2069, 0xFEFF, 0xE0001...0xE007F: false
    default: true
    }
  }
}
