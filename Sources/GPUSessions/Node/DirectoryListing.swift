/// The names in a directory, in no order and without `.` and `..`.
///
/// They lie where the kernel has put them, in a few long pieces: a node's logs have thousands.
package struct DirectoryListing: Sendable, RandomAccessCollection {
  private var pieces: [[UInt8]] = []
  private var places: [Place] = []

  private struct Place {
    var piece: Int32
    var start: Int32
    var end: Int32
  }

  package init() {}

  /// The names as they are given.
  package init(_ names: [[UInt8]]) {
    for name in names {
      add(piece: name, names: 1)
      add(name.indices)
    }
  }

  /// Adds bytes in which about so many names stand.
  package mutating func add(piece: [UInt8], names: Int) {
    pieces.append(piece)
    places.reserveCapacity(places.count + names)
  }

  /// Adds the name that stands there in the last piece.
  package mutating func add(_ name: Range<Int>) {
    guard let piece = pieces.indices.last, let start = Int32(exactly: name.lowerBound),
      let end = Int32(exactly: name.upperBound), name.upperBound <= pieces[piece].count
    else { return }
    places.append(Place(piece: Int32(piece), start: start, end: end))
  }

  package var startIndex: Int { 0 }
  package var endIndex: Int { places.count }

  package subscript(position: Int) -> ArraySlice<UInt8> {
    let place = places[position]
    return pieces[Int(place.piece)][Int(place.start)..<Int(place.end)]
  }
}

extension DirectoryListing: Equatable, ExpressibleByArrayLiteral {
  package init(arrayLiteral names: [UInt8]...) { self.init(names) }

  package static func == (left: DirectoryListing, right: DirectoryListing) -> Bool { left.elementsEqual(right) }
}
