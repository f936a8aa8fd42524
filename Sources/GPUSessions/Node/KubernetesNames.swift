/// Forms of the identifiers and names that Kubernetes and its runtimes write into paths.
enum KubernetesNames {
  /// Whether this is a container ID: exactly 64 hexadecimal digits in lower case.
  static func isContainerID(_ bytes: Span<UInt8>) -> Bool {
    bytes.count == 64 && bytes.areAll { isDigit($0) || UInt8(ascii: "a") <= $0 && $0 <= UInt8(ascii: "f") }
  }

  static func isContainerID(_ bytes: ArraySlice<UInt8>) -> Bool { isContainerID(bytes.span) }

  /// Whether this is a DNS-1123 label (namespaces and containers): no dots, at most 63 bytes.
  static func isLabel(_ bytes: Span<UInt8>) -> Bool {
    bytes.count <= 63 && isName(bytes, allowingDots: false)
  }

  static func isLabel(_ bytes: ArraySlice<UInt8>) -> Bool { isLabel(bytes.span) }

  /// Whether this is a DNS-1123 subdomain, the form of a pod's name: dots allowed, at most 253 bytes.
  static func isPodName(_ bytes: Span<UInt8>) -> Bool {
    bytes.count <= 253 && isName(bytes, allowingDots: true)
  }

  static func isPodName(_ bytes: ArraySlice<UInt8>) -> Bool { isPodName(bytes.span) }

  /// Whether Docker and podman accept this as a container's name: `[a-zA-Z0-9][a-zA-Z0-9_.-]*`, at most 128 bytes.
  static func isContainerName(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard let first = bytes.first, bytes.count <= 128, isLetterOrDigit(first) else { return false }
    return bytes.areAll { isLetterOrDigit($0) || "_.-".utf8.contains($0) }
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    isLowercaseOrDigit(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
  }

  private static func isName(_ bytes: Span<UInt8>, allowingDots: Bool) -> Bool {
    guard !bytes.isEmpty, isLowercaseOrDigit(bytes[0]), isLowercaseOrDigit(bytes[bytes.count - 1])
    else { return false }
    return bytes.areAll { byte in
      isLowercaseOrDigit(byte) || byte == UInt8(ascii: "-") || allowingDots && byte == UInt8(ascii: ".")
    }
  }

  private static func isLowercaseOrDigit(_ byte: UInt8) -> Bool {
    UInt8(ascii: "a") <= byte && byte <= UInt8(ascii: "z") || isDigit(byte)
  }
}
