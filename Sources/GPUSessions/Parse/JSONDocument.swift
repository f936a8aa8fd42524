import FoundationEssentials

/// What a JSON document holds of `type`; `nil` where it is damaged or has another shape.
///
/// The one place where JSON is decoded: hostile and odd documents are the decoder's job.
package func decodeJSON<T: Decodable>(_ type: T.Type, from bytes: [UInt8]) -> T? {
  try? JSONDecoder().decode(type, from: Data(bytes))
}
