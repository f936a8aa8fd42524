import FoundationEssentials

/// What a JSON document holds of `type`; `nil` where it is damaged or has another shape.
///
/// The one place where JSON is decoded: hostile and odd documents are the decoder's job. The files hold secrets of the
/// workload (its environment), so nothing but the keys that `type` names is kept, and the decoder's own complaint,
/// which may quote them, is dropped here.
package func decodeJSON<T: Decodable>(_ type: T.Type, from bytes: [UInt8]) -> T? {
  try? JSONDecoder().decode(type, from: Data(bytes))
}
