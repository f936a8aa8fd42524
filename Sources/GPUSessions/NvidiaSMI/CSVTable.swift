/// The output of one `nvidia-smi --query-… --format=csv`, read row by row.
///
/// Fields are never quoted. No column that is asked for may hold a comma (drivers 418 to 610).
package struct CSVTable {
  /// One row of data.
  package struct Row {
    fileprivate let names: [String]
    fileprivate let cells: [ArraySlice<UInt8>]

    /// The value in the column with this name; an absent value if there is no such column.
    package subscript(name: String) -> SMIValue {
      SMIValue(names.lastIndex(of: name).map { cells[$0] } ?? [])
    }

    /// The value in the column with this name; `nil` if there is no such column.
    package func value(in name: String) -> SMIValue? { names.contains(name) ? self[name] : nil }

    /// The values of all columns.
    package var values: [SMIValue] { cells.map { SMIValue($0) } }
  }

  /// The lines passed so far that are neither rows nor blank nor a known diagnostic.
  package private(set) var malformedLines: [ArraySlice<UInt8>] = []

  private var lines: ByteLines
  private var names: [String] = []

  /// Reads up to the header, which is the first line with all `required` columns; `nil` if there is no such line.
  package init?(_ output: [UInt8], required: [String]) {
    lines = output.lines()
    repeat {
      guard let line = nextLine() else { return nil }
      names = line.fields(separatedBy: UInt8(ascii: ",")).map(columnName)
    } while !required.allSatisfy { names.contains($0) }
  }

  /// Returns the next row that fits the header; `nil` after the last one.
  package mutating func next() -> Row? {
    while let line = nextLine() {
      let cells = line.fields(separatedBy: UInt8(ascii: ","))
      if cells.count == names.count { return Row(names: names, cells: cells) }
      if !line.trimmed.isEmpty { malformedLines.append(line) }
    }
    return nil
  }

  /// Returns the next line that is no known diagnostic; `nil` after the last line.
  ///
  /// A diagnostic is passed over even if it has as many commas as a row, or the words of the header.
  private mutating func nextLine() -> ArraySlice<UInt8>? {
    while let line = lines.next() {
      if SMIDiagnostic(line) == nil { return line }
    }
    return nil
  }
}

/// Returns the name in a field of the header, without its unit (`memory.used [MiB]`).
///
/// nvidia-smi accepts two names for some columns and prints either; they become one here.
private func columnName(_ field: ArraySlice<UInt8>) -> String {
  let name = field.trimmed.prefix { $0 != UInt8(ascii: " ") }.text
  return switch name {
  case "gpu_bus_id": "pci.bus_id"
  case "gpu_name": "name"
  case "used_memory": "used_gpu_memory"
  default: name
  }
}
