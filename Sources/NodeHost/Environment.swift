import GPUSessions
// `environ` is a global variable of C; nothing in this program writes to it.
@preconcurrency import Glibc

/// Returns an environment variable, by `getenv(3)`, with invalid UTF-8 replaced by U+FFFD; `nil` if it is not set.
func environmentVariable(_ name: String) -> String? {
  guard let value = getenv(name) else { return nil }
  return String(decoding: UnsafeRawBufferPointer(start: value, count: strlen(value)), as: UTF8.self)
}

/// Returns the `NAME=value` entries of this process, byte for byte, without the named variables.
func inheritedEnvironment(without names: some Collection<String>) -> [UnsafeMutablePointer<CChar>?] {
  let prefixes = names.map { Array("\($0)=".utf8CString.dropLast()) }
  var entries: [UnsafeMutablePointer<CChar>?] = []
  // Swift imports `environ` as a pointer that is never null, but it is null after `clearenv(3)`.
  guard UInt(bitPattern: environ) != 0 else { return entries }
  var next = environ
  while let entry = next.pointee {
    if !prefixes.contains(where: { strncmp(entry, $0, $0.count) == 0 }) { entries.append(entry) }
    next += 1
  }
  return entries
}

/// Calls `body` with copies of the strings for C, without the `nil` that ends an array of arguments.
///
/// Throws `.noMemory` if a string cannot be copied: C would take a null pointer for the end of the array. `copy` is
/// `strdup(3)` outside of tests.
func withCStrings<Result>(
  _ strings: [String], copy: (String) -> UnsafeMutablePointer<CChar>? = { strdup($0) },
  _ body: ([UnsafeMutablePointer<CChar>?]) throws(Errno) -> Result
) throws(Errno) -> Result {
  let copies = strings.map(copy)
  defer { for copy in copies { free(copy) } }
  if copies.contains(nil) { throw .noMemory }
  return try body(copies)
}
