import GPUSessions
import Testing

@Suite struct ClockCheckTests {
  @Test func `a clock that is behind`() throws {
    let node = FakeHost.installed()
    #expect(try node.finding("clock") == .pass("2027-01-15 08:16 UTC"))
    node.publish(secondsAgo: -59)
    #expect(says(try node.finding("clock"), .pass, "2027"))
    node.publish(secondsAgo: -7_300)
    #expect(says(try node.finding("clock"), .fail, "2h1m ahead", advice: "timedatectl set-ntp true"))
    #expect(says(try node.finding("published-file"), .skip, "ahead of the clock"))
    node.boot = 1_735_688_599
    #expect(says(try node.finding("clock"), .fail, "the clock says 2024-12-31 23:59 UTC", advice: "timedatectl"))
    node.boot = -1_000
    #expect(says(try node.finding("clock"), .fail, "the clock says 1970-01-01 00:00 UTC"))
  }
}
