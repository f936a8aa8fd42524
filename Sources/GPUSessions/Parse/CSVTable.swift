/// One answer of `nvidia-smi --query-… --format=csv`: columns by name, rows as cells.
///
/// The header is the first line that names all required columns. Fields are never quoted, so a row is read from
/// both ends and what is left between belongs to the one free-text column (a process name may hold commas).
package struct CSVTable {
  /// Cells of the rows that fit, in the order printed.
  package private(set) var rows: [Row] = []
  /// Rows after the header that are neither data nor a known message.
  package private(set) var malformedRows = 0
  /// Lines that are a known message of nvidia-smi, wherever they stand.
  package private(set) var messages: [Message] = []

  /// One row; a column that was not asked for or printed reads as an empty cell.
  package struct Row {
    fileprivate let columns: [String: Int]
    fileprivate let cells: [ArraySlice<UInt8>]

    package subscript(name: String) -> Cell {
      guard let index = columns[name], index < cells.count else { return Cell([]) }
      return Cell(cells[index])
    }

    /// All cells, for what any of them may say.
    package var all: [Cell] { cells.map { Cell($0) } }
  }

  /// Reads the output; `nil` if it has no header line with all `required` columns.
  package init?(_ output: [UInt8], required: [String], freeText: String) {
    var layout: Layout?
    for line in output[...].lines() where !line.trimmed.isEmpty {
      if let message = Message(line) {
        messages.append(message)
      } else if let known = layout {
        if let cells = known.cells(line) {
          rows.append(Row(columns: known.columns, cells: cells))
        } else {
          malformedRows += 1
        }
      } else {
        layout = Layout(header: line, required: required, freeText: freeText)
      }
    }
    if layout == nil { return nil }
  }
}

/// Where each column stands.
private struct Layout {
  let columns: [String: Int]
  let count: Int
  let freeTextIndex: Int?

  init?(header: ArraySlice<UInt8>, required: [String], freeText: String) {
    var columns: [String: Int] = [:]
    let fields = header.fields(separatedBy: UInt8(ascii: ","))
    for (index, field) in fields.enumerated() {
      let name = field.trimmed.fields(separatedBy: UInt8(ascii: " "), maxSplits: 1).first?.text ?? ""
      columns[canonicalColumn(name)] = index
    }
    guard required.allSatisfy({ columns[$0] != nil }) else { return nil }
    self.columns = columns
    count = fields.count
    freeTextIndex = columns[freeText]
  }

  func cells(_ line: ArraySlice<UInt8>) -> [ArraySlice<UInt8>]? {
    let comma = UInt8(ascii: ",")
    guard let freeTextIndex else {
      let fields = line.fields(separatedBy: comma)
      return fields.count == count ? fields : nil
    }
    let left = line.fields(separatedBy: comma, maxSplits: freeTextIndex)
    guard left.count == freeTextIndex + 1, let rest = left.last else { return nil }
    var right: [ArraySlice<UInt8>] = []
    var middle = rest
    for _ in 0..<(count - freeTextIndex - 1) {
      guard let last = middle.lastIndex(of: comma) else { return nil }
      right.append(middle[(last + 1)...])
      middle = middle[..<last]
    }
    return left.dropLast() + [middle] + right.reversed()
  }
}

/// The names nvidia-smi accepts for one column, as one.
private func canonicalColumn(_ name: String) -> String {
  switch name {
  case "gpu_bus_id": "pci.bus_id"
  case "gpu_name": "name"
  case "used_memory": "used_gpu_memory"
  default: name
  }
}
