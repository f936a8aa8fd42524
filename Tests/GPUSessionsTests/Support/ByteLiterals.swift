import GPUSessions

/// Text stands for its bytes where slices are expected.
extension ArraySlice: @retroactive ExpressibleByStringLiteral,
  @retroactive ExpressibleByExtendedGraphemeClusterLiteral,
  @retroactive ExpressibleByUnicodeScalarLiteral
where Element == UInt8 {
  public init(stringLiteral text: String) { self = Array(text.utf8)[...] }
}
