// `environ` is a C global; nothing in this program writes to it.
@preconcurrency import Glibc

/// One environment variable by `getenv(3)`, invalid UTF-8 replaced; `nil` where it is not set.
func environmentVariable(_ name: String) -> String? {
  guard let value = getenv(name) else { return nil }
  return String(decoding: UnsafeRawBufferPointer(start: value, count: strlen(value)), as: UTF8.self)
}

/// The `NAME=value` entries of this process, byte for byte, without the named variables.
func inheritedEnvironment(without names: some Collection<String>) -> [UnsafeMutablePointer<CChar>?] {
  let prefixes = names.map { Array("\($0)=".utf8CString.dropLast()) }
  var entries: [UnsafeMutablePointer<CChar>?] = []
  // Comes in as never null, which it is after `clearenv(3)`.
  guard UInt(bitPattern: environ) != 0 else { return entries }
  var next = environ
  while let entry = next.pointee {
    if !prefixes.contains(where: { strncmp(entry, $0, $0.count) == 0 }) { entries.append(entry) }
    next += 1
  }
  return entries
}

/// Lends copies of the strings as C has them, without the closing `nil`.
func withCStrings<Result>(
  _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
  let copies = strings.map { strdup($0) }
  defer { for copy in copies { free(copy) } }
  return body(copies)
}
