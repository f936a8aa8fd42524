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
    guard let claims = readJSON(bytes, DRAState.claims(inFile:)) else { return nil }
    self.claims = claims
  }

  private static func claims(inFile document: JSONValue) throws(JSONMismatch) -> [Claim]? {
    guard let text = try document.text("Data") else { return try claims(document.member("entries")) }
    guard let inner = JSONValue(Array(text.utf8)) else { throw JSONMismatch() }
    return try claims(inner.member("Entries")) ?? []
  }

  private static func claims(_ entries: JSONValue?) throws(JSONMismatch) -> [Claim]? {
    guard let entries else { return nil }
    var claims: [Claim] = []
    for entry in try entries.elements() { claims.append(try Claim(entry)) }
    return claims
  }
}

extension DRAState.Claim {
  /// One entry. Before there could be several drivers its one stood under a key of its own.
  fileprivate init(_ entry: JSONValue) throws(JSONMismatch) {
    uid = try entry.requiredText("ClaimUID")
    podUIDs = try keys(entry.member("PodUIDs")) ?? []
    let driver = try entry.text("DriverName")
    drivers = try keys(entry.member("DriverState")) ?? [driver].compactMap(\.self)
  }
}

/// The names of objects in an object, sorted.
private func keys(_ value: JSONValue?) throws(JSONMismatch) -> [String]? {
  guard let members = try value?.members() else { return nil }
  guard members.allSatisfy(\.value.isObject) else { throw JSONMismatch() }
  return members.map(\.name).sorted()
}
