import FoundationEssentials

/// Decodes the keys that `Document` names from a JSON file; `nil` where it is not JSON or has other types there.
///
/// The files hold secrets of the workload (its environment), so nothing else of them is kept, and the
/// decoder's own complaint, which may quote them, is dropped here.
func decodeJSON<Document: Decodable>(_ bytes: [UInt8], as type: Document.Type) -> Document? {
  try? JSONDecoder().decode(type, from: Data(bytes))
}
