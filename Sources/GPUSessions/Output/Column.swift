/// One label of a metric family: its name, and what a row puts into it.
///
/// The columns of a family declare its labels and write them.
package struct Column<Row>: Sendable {
  package let name: String
  /// The label's value. `nil` leaves the label out; an empty text is written.
  let value: @Sendable (borrowing Row) -> String?
  /// `,name="`, with which the label begins in the exposition format.
  let opening: [UInt8]

  package init(_ name: String, _ value: @escaping @Sendable (borrowing Row) -> String?) {
    self.name = name
    self.value = value
    opening = Array(",\(name)=\"".utf8)
  }
}
