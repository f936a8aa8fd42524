/// The kubelet's `dra_manager_state`: which pods hold which resource claims.
///
/// `Data` is itself a JSON text in a string. The kubelet 1.36 calls the list in it `ClaimInfoStateList`, an earlier one
/// called it `Entries`. The alpha form has `entries` at the top, and leaves the key out where there is no claim.
/// Source: kubelet `pkg/kubelet/cm/dra/state`, `checkpoint.go` and `state.go`.
package struct DRAState: Sendable, Equatable {
  /// One claim and the pods that may use it.
  package struct Claim: Sendable, Equatable {
    package var uid: String
    /// Sorted.
    package var podUIDs: [String]
    /// Drivers that have a part in it, sorted.
    package var drivers: [String]
  }

  package var claims: [Claim]

  /// Reads the whole file; `nil` where it is torn or has another shape.
  package init?(_ bytes: [UInt8]) {
    guard let claims = readJSON(bytes, DRAState.claims(inFile:)) else { return nil }
    self.claims = claims
  }

  /// The claims of the one list there is. No kubelet writes two; if they say the same they are one.
  ///
  /// Without a list it is no state that is known: which claims there are is not known then.
  private static func claims(inFile document: JSONValue) throws(JSONMismatch) -> [Claim]? {
    var lists = [try document.member("entries", orNull: true)]
    if let text = try document.text("Data") {
      guard let data = JSONValue(Array(text.utf8)) else { throw JSONMismatch() }
      for name in ["ClaimInfoStateList", "Entries"] { lists.append(try data.member(name, orNull: true)) }
    }
    var found: [Claim]?
    for list in lists.compactMap(\.self) {
      let claims = try claims(inList: list)
      if let found, found != claims { return nil }
      found = claims
    }
    if found == nil, try isEmptyAlpha(document) { return [] }
    return found
  }

  /// Go writes `null` for a list that was never made.
  private static func claims(inList list: JSONValue) throws(JSONMismatch) -> [Claim] {
    var claims: [Claim] = []
    for entry in try list.elementsOrNull() { claims.append(try Claim(entry)) }
    return claims
  }

  /// Whether this is the alpha form, whose `entries` have `omitempty`.
  private static func isEmptyAlpha(_ document: JSONValue) throws(JSONMismatch) -> Bool {
    let hasData = try document.member("Data", orNull: true) != nil
    let hasChecksum = try document.member("checksum") != nil
    return try document.text("version") == "v1" && hasChecksum && !hasData
  }
}

extension DRAState.Claim {
  /// One entry. Before there could be several drivers its one stood under a key of its own.
  fileprivate init(_ entry: JSONValue) throws(JSONMismatch) {
    uid = try entry.requiredText("ClaimUID")
    podUIDs = try keys(entry, "PodUIDs")
    if try entry.member("DriverState", orNull: true) != nil {
      drivers = try keys(entry, "DriverState")
    } else {
      drivers = [try entry.requiredText("DriverName")]
    }
  }
}

/// The names of objects in the object under this name, sorted; none of `null`, which is how Go writes an empty map.
private func keys(_ entry: JSONValue, _ name: String) throws(JSONMismatch) -> [String] {
  guard let map = try entry.member(name, orNull: true) else { throw JSONMismatch() }
  if map.isNull { return [] }
  let members = try map.members()
  guard members.allSatisfy(\.value.isObject) else { throw JSONMismatch() }
  return members.map(\.name).sorted()
}
