import Testing

@testable import GPUSessions

@Suite struct ByteWordsTests {
  /// The first marked place must be that of the first byte for which it is so, wherever it stands.
  private func check(_ marks: (UInt64) -> UInt64, _ isMarked: (UInt8) -> Bool) {
    for count in 0..<20 {
      for byte in UInt8.min...UInt8.max {
        for place in 0..<count {
          for filling in [UInt8(ascii: "a"), byte &+ 1, byte &- 1, 0x80, 0xFF] {
            var bytes = Array(repeating: filling, count: count)
            bytes[place] = byte
            let found = bytes.span.first(from: 0, marks)
            #expect(found == bytes.firstIndex(where: isMarked))
          }
        }
      }
    }
  }

  @Test func aByteIsFound() {
    check({ marks(of: 0x22, in: $0) }, { $0 == 0x22 })
    check({ marks(of: 0xFF, in: $0) }, { $0 == 0xFF })
  }

  @Test func lowBytesAreFound() { check({ marks(below: 0x20, in: $0) }, { $0 < 0x20 }) }

  @Test func otherThanDigitsAreFound() {
    check({ marks(butHex: $0) }, { !"0123456789abcdefABCDEF".utf8.contains($0) })
  }

  @Test func severalMarksGiveTheFirst() {
    check({ marks(of: 0x22, in: $0) | marks(of: 0x5C, in: $0) | marks(below: 0x20, in: $0) }) {
      $0 == 0x22 || $0 == 0x5C || $0 < 0x20
    }
  }

  @Test func theSearchBeginsWhereItIsTold() {
    let bytes = Array("\"aaaaaaaaaaaa\"aaa".utf8)
    func quote(from start: Int) -> Int? { bytes.span.first(from: start) { marks(of: 0x22, in: $0) } }
    for start in 1...13 { #expect(quote(from: start) == 13) }
    #expect(quote(from: 0) == 0 && quote(from: 14) == nil && quote(from: 99) == nil)
  }

  @Test func bytesAreCounted() {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    for round in 0..<20_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      // Of few values, neighbours of the one that is counted among them.
      let word = round % 2 == 0 ? state : (state >> 7 & ones) &+ ones &* 0x20
      let bytes = (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) }
      #expect(countOfBytes(0x20, in: word) == bytes.count { $0 == 0x20 }, "\(bytes)")
    }
    #expect(countOfBytes(0x20, in: ones &* 0x20) == 8 && countOfBytes(0, in: 0) == 8)
  }

  @Test func textsAreCompared() {
    let bytes = Array("PodDeviceEntries".utf8)
    #expect(
      bytes.span.equals("PodDeviceEntries") && !bytes.span.equals("PodDeviceEntrie") && !bytes.span.equals(""))
    #expect(!bytes.span.equals("PodDeviceEntriez") && !bytes.span.equals("PodDeviceEntries2"))
  }

  @Test func beginningsAreCompared() {
    let bytes = Array("0123456789abcdefXYZ".utf8)[...]
    func begins(_ all: ArraySlice<UInt8>, with part: ArraySlice<UInt8>) -> Bool { all.span.starts(with: part.span) }
    for count in 0...bytes.count {
      #expect(begins(bytes, with: bytes[..<count]))
      for place in 0..<count {
        var other = Array(bytes[..<count])
        other[place] ^= 1
        #expect(!begins(bytes, with: other[...]))
      }
    }
    #expect(!begins(bytes[..<8], with: bytes[..<9]))
  }
}
