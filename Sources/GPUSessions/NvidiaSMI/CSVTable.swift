/// One answer of `nvidia-smi --query-… --format=csv`, read row by row: columns by name.
///
/// The header is the first line that names all required columns. Fields are never quoted, so a row is read from
/// both ends and what is left between belongs to the one free-text column (a process name may hold commas).
package struct CSVTable {
  /// Where a column stands.
  package struct Column {
    /// `nil` for one that was not asked for or printed.
    fileprivate let index: Int?
  }

  /// Rows so far, after the header, that are neither data nor a known message.
  package private(set) var malformedRows = 0
  /// Lines so far that are a known message of nvidia-smi, wherever they stand.
  package private(set) var messages: [SMIDiagnostic] = []

  private var lines: ByteLines
  private var names: [String] = []
  private var freeTextIndex: Int?
  /// The row that is read, and where its commas are.
  private var row: ArraySlice<UInt8> = []
  private var commas: [Int] = []

  /// Reads the output up to its header; `nil` if it has no header line with all `required` columns.
  package init?(_ output: [UInt8], required: [String], freeText: String) {
    lines = output.eachLine
    repeat {
      guard let header = nextLine() else { return nil }
      names = header.fields(separatedBy: UInt8(ascii: ",")).map(columnName)
    } while !required.allSatisfy { names.contains($0) }
    freeTextIndex = names.lastIndex(of: freeText)
  }

  /// Goes to the next row that fits; `false` after the last one.
  package mutating func advance() -> Bool {
    while let line = nextLine() {
      row = line
      commas.removeAll(keepingCapacity: true)
      let bytes = line.span
      for offset in bytes.indices where bytes[offset] == UInt8(ascii: ",") {
        commas.append(line.startIndex + offset)
      }
      let surplus = commas.count - (names.count - 1)
      if surplus == 0 || (surplus > 0 && freeTextIndex != nil) { return true }
      malformedRows += 1
    }
    return false
  }

  package func column(_ name: String) -> Column { Column(index: names.lastIndex(of: name)) }

  /// A cell of the row that is read; an empty one where there is no such column.
  package subscript(column: Column) -> SMIValue {
    guard let index = column.index else { return SMIValue([]) }
    let start = index == 0 ? row.startIndex : commas[separator(index - 1)] + 1
    let end = index == names.count - 1 ? row.endIndex : commas[separator(index)]
    return SMIValue(row[start..<end])
  }

  package subscript(name: String) -> SMIValue { self[column(name)] }

  /// All cells of the row that is read, for what any of them may say.
  package var all: [SMIValue] { names.indices.map { self[Column(index: $0)] } }

  /// Which of the commas ends the cell with this index: those that are too many are in the free text.
  private func separator(_ index: Int) -> Int {
    if let freeTextIndex, index >= freeTextIndex { return commas.count - (names.count - 1) + index }
    return index
  }

  /// The next line that is neither empty nor a message.
  private mutating func nextLine() -> ArraySlice<UInt8>? {
    while let line = lines.next() {
      if let message = SMIDiagnostic(line) {
        messages.append(message)
      } else if !line.isBlankOnly {
        return line
      }
    }
    return nil
  }
}

/// The name in a field of the header, without its unit; of the names nvidia-smi accepts for one column the same one.
private func columnName(_ field: ArraySlice<UInt8>) -> String {
  let name = field.trimmed.fields(separatedBy: UInt8(ascii: " "), maxSplits: 1).first?.text ?? ""
  return switch name {
  case "gpu_bus_id": "pci.bus_id"
  case "gpu_name": "name"
  case "used_memory": "used_gpu_memory"
  default: name
  }
}
