/// Devices that one container of a pod, or the pod, was given under one resource name.
package struct DeviceHolding: Sendable, Equatable {
  package var podUID: ArraySlice<UInt8>
  /// Empty where only the pod is known.
  package var container: ArraySlice<UInt8>
  package var resource: ArraySlice<UInt8>
  package var deviceIDs: [ArraySlice<UInt8>]
  /// What tells holdings of the same device apart that are not the same thing; empty for a device plugin.
  package var claim: ArraySlice<UInt8> = []

  package init(
    podUID: ArraySlice<UInt8>, container: ArraySlice<UInt8>, resource: ArraySlice<UInt8>,
    deviceIDs: [ArraySlice<UInt8>], claim: ArraySlice<UInt8> = []
  ) {
    (self.podUID, self.container, self.resource) = (podUID, container, resource)
    (self.deviceIDs, self.claim) = (deviceIDs, claim)
  }
}

/// All holdings of a node, which has hundreds: their texts lie where the kubelet's file has them.
package struct DeviceHoldings: Sendable {
  /// The document, then what does not stand in it as it is meant.
  private var bytes: [UInt8]
  private var entries: [Entry] = []
  private var ids: [Place] = []

  /// Where a text lies.
  struct Place {
    fileprivate var start: UInt32
    fileprivate var end: UInt32

    fileprivate var isEmpty: Bool { start == end }

    /// What is not there is no text.
    static let none = Place(start: 0, end: 0)
  }

  /// One holding; its IDs follow those of the one before.
  struct Entry {
    var podUID = Place.none
    var container = Place.none
    var resource = Place.none
    var claim = Place.none
    fileprivate(set) var idsEnd = 0
  }

  /// Of texts in a document, which has less than 4 GiB.
  package init(of document: [UInt8] = []) { bytes = document }

  package var isEmpty: Bool { entries.isEmpty }
  package var count: Int { entries.count }
  package var indices: Range<Int> { entries.indices }

  mutating func reserveCapacity(_ count: Int) {
    entries.reserveCapacity(count)
    ids.reserveCapacity(count)
  }

  /// Where a text of the document lies.
  func place(_ text: Range<Int>) -> Place {
    Place(start: UInt32(clamping: text.lowerBound), end: UInt32(clamping: text.upperBound))
  }

  /// Takes over a text that does not stand in the document.
  mutating func place(_ text: ArraySlice<UInt8>) -> Place {
    let start = bytes.count
    bytes += text
    return place(start..<bytes.count)
  }

  /// Adds an ID of the entry that is added next.
  mutating func add(id: Place) { ids.append(id) }

  mutating func add(_ entry: Entry) {
    entries.append(entry)
    entries[entries.count - 1].idsEnd = ids.count
  }

  package mutating func append(_ holding: DeviceHolding) {
    for id in holding.deviceIDs { add(id: place(id)) }
    add(
      Entry(
        podUID: place(holding.podUID), container: place(holding.container), resource: place(holding.resource),
        claim: place(holding.claim)))
  }

  func podUID(_ position: Int) -> ArraySlice<UInt8> { text(entries[position].podUID) }
  func container(_ position: Int) -> ArraySlice<UInt8> { text(entries[position].container) }
  func resource(_ position: Int) -> ArraySlice<UInt8> { text(entries[position].resource) }
  func claim(_ position: Int) -> ArraySlice<UInt8> { text(entries[position].claim) }
  func hasClaim(_ position: Int) -> Bool { !entries[position].claim.isEmpty }

  /// Positions of its IDs among all.
  func ids(_ position: Int) -> Range<Int> {
    (position == 0 ? 0 : entries[position - 1].idsEnd)..<entries[position].idsEnd
  }

  func id(_ position: Int) -> ArraySlice<UInt8> { text(ids[position]) }

  private func text(_ place: Place) -> ArraySlice<UInt8> { bytes[Int(place.start)..<Int(place.end)] }
}

extension DeviceHoldings: Equatable, RandomAccessCollection {
  package var startIndex: Int { 0 }
  package var endIndex: Int { entries.count }

  /// Put together for who wants to see all of one.
  package subscript(position: Int) -> DeviceHolding {
    DeviceHolding(
      podUID: podUID(position), container: container(position), resource: resource(position),
      deviceIDs: ids(position).map(id), claim: claim(position))
  }

  package static func == (left: DeviceHoldings, right: DeviceHoldings) -> Bool { left.elementsEqual(right) }
}
