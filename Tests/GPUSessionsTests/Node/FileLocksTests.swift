import GPUSessions
import Testing

@Suite struct FileLocksTests {
  /// Lines of Linux 6.12; inode 42 is on 254:0 and on 8:258.
  private let table = Array(
    """
    1: POSIX  ADVISORY  WRITE 11 fe:00:42 1073741824 1073742335
    2: -> FLOCK  ADVISORY  WRITE 12 fe:00:42 0 EOF
    3: FLOCK  ADVISORY  WRITE 13 08:102:42 0 EOF
    4: FLOCK  ADVISORY  WRITE 14 fe:00:42 0 EOF
    5: FLOCK  ADVISORY  READ -1 fe:00:43 0 EOF
    5: FLOCK  ADVISORY  READ 99999999999 fe:00:43 0 EOF
    6: FLOCK  ADVISORY  WRITE 15 fe:00:44
    7: FLOCK

    """.utf8)

  @Test(
    arguments: [
      (0xFE00, 42, 14), (0x10_0802, 42, 13), (0xFE00, 43, nil), (0xFE00, 44, 15), (0xFE01, 42, nil), (0, 0, nil),
      (.max, .max, nil),
    ] as [(UInt64, UInt64, Int32?)])
  func `the holder is found by device and inode`(device: UInt64, inode: UInt64, pid: Int32?) {
    #expect(FileLocks.holder(in: table, device: device, inode: inode) == pid)
  }

  @Test func `an empty table has no holder`() {
    #expect(FileLocks.holder(in: [], device: 0xFE00, inode: 42) == nil)
  }

  @Test func `the name of the holder is the first line of comm`() {
    #expect(LockHolder(pid: 1, command: Array("python3\n".utf8)).command == "python3")
    #expect(LockHolder(pid: 1, command: []).command == "")
  }
}
