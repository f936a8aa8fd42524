import FoundationEssentials

/// What a decoder that shares no code with ours reads in a document; `nil` where it refuses it.
package func decodeJSON<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) -> Value? {
  try? JSONDecoder().decode(type, from: Data(bytes))
}
