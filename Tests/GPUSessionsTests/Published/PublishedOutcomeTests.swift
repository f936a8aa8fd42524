import Testing

@testable import GPUSessions

@Suite struct PublishedOutcomeTests {
  private func node(_ lines: String...) throws -> PublishedNode {
    let page = try PublishedPage(octets(lines.map { $0 + "\n" }.joined()))
    return try #require(page.nodes(now: 1_700_000_200 * .perSecond).first)
  }

  private func statuses(_ lines: String...) throws -> [String] {
    let page = try PublishedPage(octets(lines.map { $0 + "\n" }.joined()))
    let state = try #require(page.nodes(now: 0).first?.outcome.node)
    return shownDevices(state).map {
      "\($0.gpu ?? "-") \($0.status.rawValue) \($0.sessions.map { "\($0)" } ?? "-")"
    }
  }

  private let idle = "gpu_process_info{gpu=\"0\",pid=\"\",status=\"idle\",gpu_memory=\"0MiB\",uuid=\"GPU-0\"} 1"
  private let active = "gpu_process_info{gpu=\"0\",pid=\"7\",command=\"python3\",status=\"active\"} 1"

  @Test func `a device is idle only if its idle row is there`() throws {
    #expect(try statuses("gpu_session_count{gpu=\"0\"} 0", idle) == ["0 idle 0"])
    // Graphics processes were at work.
    #expect(try statuses("gpu_session_count{gpu=\"0\"} 0") == ["0 unknown 0"])
    #expect(try statuses("gpu_info{gpu=\"0\",uuid=\"GPU-0\"} 1", "gpu_total_sessions 0") == ["0 unknown -"])
    #expect(try statuses("gpu_session_count{gpu=\"0\"} 3") == ["0 unknown -"])
    #expect(try statuses(active) == ["0 active 1"])
    #expect(try statuses("gpu_session_count{gpu=\"0\"} NaN", active) == ["0 active 1"])
  }

  @Test func `instances are below their GPU, each with a state of its own`() throws {
    #expect(
      try statuses(
        "gpu_mig_info{gpu=\"1_2_0\",uuid=\"MIG-a\",gpu_uuid=\"GPU-1\",gpu_instance_id=\"2\",profile=\"3g.40gb\"} 1",
        "gpu_process_info{gpu=\"1_2_0\",pid=\"7\",status=\"active\"} 1",
        "gpu_process_info{gpu=\"1_3_0\",pid=\"\",status=\"idle\"} 1", "gpu_session_count{gpu=\"0\"} 0", idle)
        == ["0 idle 0", "1_2_0 active 1", "1_3_0 idle 0"])
  }

  @Test func `what could not be read is not idle`() throws {
    #expect(
      try statuses(
        "gpu_device_readable{gpu=\"0\",uuid=\"GPU-0\",pci_bus_id=\"0:1\"} 0",
        "gpu_device_readable{gpu=\"1\",pci_bus_id=\"0:2\"} 0", "gpu_device_readable{pci_bus_id=\"0:3\"} 0",
        "gpu_device_readable{gpu=\"2\",uuid=\"GPU-2\"} 1", idle)
        == ["0 unreadable -", "1 unreadable -", "2 unknown -", "- unreadable -"])
  }

  @Test func `a process has what its families say`() throws {
    let id = "{gpu=\"0\",pid=\"7\",command=\"python3\"}"
    let state = try #require(
      try node(
        active, "gpu_memory_total_bytes{gpu=\"0\",uuid=\"GPU-0\"} 4194304", "gpu_process_memory_bytes\(id) 1048576",
        "gpu_process_utilization\(id) 30", "gpu_process_start_time_seconds\(id) 1700000000",
        "gpu_process_defunct{gpu=\"0\",pid=\"7\",reason=\"zombie\"} 1",
        "gpu_process_memory_bytes{gpu=\"0\",pid=\"8\"} 1"
      ).outcome.node)
    #expect(state.sessions.map(\.pid) == [7])
    let session = try #require(state.sessions.first)
    #expect(session.memoryBytes == 1 << 20 && session.memoryUtilization == 25 && session.utilization.sm == 30)
    #expect(session.startTimeSeconds == 1_700_000_000 && session.defunct == .zombie)
    #expect(session.type == nil && session.user == nil && session.owner.podUID == nil)
  }

  @Test(arguments: [("1024MiB", UInt64(1) << 30), ("", nil), ("99999999999999999999MiB", nil), ("5GiB", nil)])
  func `memory is read of the label where its family is not there`(label: String, bytes: UInt64?) throws {
    let info = "gpu_process_info{gpu=\"0\",pid=\"7\",status=\"active\",gpu_memory=\"\(label)\"} 1"
    #expect(try node(info).outcome.node?.sessions.first?.memoryBytes == bytes)
  }

  @Test func `a collector that read no device says why`() throws {
    func failure(_ kind: String) throws -> CollectionFailure? {
      try node("gpu_session_collector_success 0", "gpu_session_collector_problems{kind=\"\(kind)\"} 1").outcome
        .failure
    }
    #expect(try failure("driver_not_loaded") == .driverNotLoaded)
    #expect(try failure("of_a_later_version") == .published(kind: "of_a_later_version"))
    #expect(try node("gpu_session_collector_success 1").outcome.failure == .nothingPublished)
    for failure in CollectionFailure.oneOfEach {
      #expect(CollectionFailure(published: failure.kind).kind == failure.kind)
    }
  }

  @Test func `problems of a later version are counted under their name`() throws {
    let outcome = try node(
      active, "gpu_session_collector_problems{kind=\"later\"} 2",
      "gpu_session_collector_problems{kind=\"process_gone\"} 3"
    ).outcome
    #expect(outcome.problems.filter { $0.count > 0 }.map(\.kind) == ["later", "process_gone"])
    #expect(outcome.report.problems[.processGone] == 3)
  }

  @Test func `samples older than three minutes are stale`() throws {
    func stale(_ lines: String...) throws -> Bool? {
      try #require(
        try PublishedPage(octets(lines.map { $0 + "\n" }.joined())).nodes(now: 1_700_000_200 * .perSecond).first
      )
      .isStale
    }
    let run = "gpu_session_collector_last_run_timestamp_seconds"
    #expect(try stale(active) == nil)
    #expect(try stale("\(run) 1700000020") == false && stale("\(run) 1700000019.9") == true)
    #expect(try stale(active + " 1700000100000") == false && stale(active + " 1700000010") == true)
    // The scraping goes on, the collector has stopped.
    #expect(try stale("\(run) 1699990000 1700000199000") == true)
    // The oldest sample does not make a node stale, nor a clock that is ahead.
    #expect(try stale(active + " 1700000010000", idle + " 1700000190000", "\(run) 1700000300") == false)
  }

  @Test func `the file's word about the run is kept`() throws {
    let outcome = try node(
      active, "gpu_session_collector_success 0", "gpu_session_collector_build_info{version=\"9.9.9\"} 1",
      "gpu_session_collector_stage_success{stage=\"devices\"} 1",
      "gpu_session_collector_stage_duration_seconds{stage=\"devices\"} 0.123457",
      "gpu_session_collector_stage_success{stage=\"mig\"} 1",
      "gpu_session_collector_stage_success{stage=\"later\"} 1"
    ).outcome
    #expect(!outcome.isComplete && outcome.report.published?.version == "9.9.9")
    #expect(outcome.report.stages == [StageResult(stage: .devices, isSuccess: true, duration: 123_457_000)])
  }
}
