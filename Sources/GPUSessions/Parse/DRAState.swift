/// The kubelet's `dra_manager_state`: which pods hold which resource claims.
///
/// `Data` is itself a JSON text in a string; the alpha form has its entries at the top.
/// Source: kubelet `pkg/kubelet/cm/dra/state`.
package struct DRAState: Sendable, Equatable {
  /// One claim and the pods that may use it.
  package struct Claim: Sendable, Equatable {
    package var uid: String
    /// Sorted.
    package var podUIDs: [String]
    /// Drivers that prepared devices for it, sorted.
    package var drivers: [String]
  }

  package var claims: [Claim]

  /// Reads the whole file; `nil` where it is torn or has another shape.
  package init?(_ bytes: [UInt8]) {
    guard let document = decodeJSON(Document.self, from: bytes) else { return nil }
    var entries = document.entries
    if let text = document.Data {
      guard let inner = decodeJSON(Inner.self, from: Array(text.utf8)) else { return nil }
      entries = inner.Entries ?? []
    }
    guard let entries else { return nil }
    claims = entries.map { entry in
      DRAState.Claim(
        uid: entry.ClaimUID, podUIDs: (entry.PodUIDs ?? [:]).keys.sorted(),
        drivers: entry.DriverState.map { $0.keys.sorted() } ?? [entry.DriverName].compactMap(\.self))
    }
  }
}

/// Both forms of the file at once.
private struct Document: Decodable {
  var Data: String?
  var entries: [Entry]?
}

/// What the string holds.
private struct Inner: Decodable {
  var Entries: [Entry]?
}

/// One claim, its properties spelled as in the file.
private struct Entry: Decodable {
  var ClaimUID: String
  var PodUIDs: [String: Empty]?
  var DriverState: [String: Empty]?
  /// The one driver of a claim, before there could be several.
  var DriverName: String?
}

/// An object of which only the key it stands under is wanted.
private struct Empty: Decodable {}
