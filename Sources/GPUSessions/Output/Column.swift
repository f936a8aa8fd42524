/// One label of a metric family: its name, and what a row puts into it.
///
/// The columns of a family declare its labels and write them.
package struct Column<Row>: Sendable {
  package let name: String
  /// The label's value. `nil` leaves the label out; an empty text is written.
  let value: @Sendable (Row) -> String?

  package init(_ name: String, _ value: @escaping @Sendable (Row) -> String?) {
    self.name = name
    self.value = value
  }
}
