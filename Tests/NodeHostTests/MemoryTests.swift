import GPUSessions
import Glibc
import Testing

@testable import NodeHost

@Suite struct MemoryTests {
  @Test func whatIsFreeIsGivenBackWhileWaiting() throws {
    var pieces: [[UInt8]] = []
    for _ in 0..<16_384 { pieces.append(Array(repeating: 7, count: 4_000)) }
    let full = try residentPages()
    // The last piece stays at the top of the heap, so that free(3) alone cannot return the memory below it.
    pieces.removeFirst(16_383)
    returnFreeMemory()
    let left = try residentPages()
    #expect(full - left > 8_192, "\(full) pages before, \(left) after")
    #expect(pieces.first?.first == 7)
  }

  /// Returns the resident pages of this process: the second number of `/proc/self/statm` (proc(5)).
  private func residentPages() throws -> Int {
    let bytes = try #require(readFile("/proc/self/statm", limit: 256).contents)
    let fields = bytes[...].fields(separatedBy: UInt8(ascii: " "))
    return try #require(fields.dropFirst().first.flatMap { Int($0.text) })
  }
}
