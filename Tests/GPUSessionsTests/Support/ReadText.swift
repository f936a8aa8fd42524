import Glibc

/// The content of a file of this repository; records no failure but gives nothing if it cannot be read.
func readBytes(_ pathBelowRepository: String) -> [UInt8] {
  var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
  parts.removeLast(4)  // Tests/GPUSessionsTests/Support/ReadText.swift
  guard let file = fopen(parts.joined(separator: "/") + "/" + pathBelowRepository, "rb") else { return [] }
  defer { fclose(file) }
  var content: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 65_536)
  while true {
    let count = fread(&chunk, 1, chunk.count, file)
    if count == 0 { return content }
    content += chunk[..<count]
  }
}
