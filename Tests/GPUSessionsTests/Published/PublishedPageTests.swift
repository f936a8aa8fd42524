import Testing

@testable import GPUSessions

@Suite struct PublishedPageTests {
  private func page(_ lines: String...) throws(PublishedPage.Flaw) -> PublishedPage {
    try PublishedPage(octets(lines.map { $0 + "\n" }.joined()))
  }

  private let count = "gpu_session_count{gpu=\"0\"} 0"

  @Test func `other exporters' lines and comments are passed over`() throws {
    let page = try page(
      "# HELP node_load1 1m load average.", "# TYPE node_load1 gauge", "node_load1 0.42 1700000000000", "",
      "DCGM_FI_DEV_GPU_UTIL{gpu=\"0\",UUID=\"GPU-1\"} 3", "gpu_others{x=\"}\"} 1",
      "gpu_utilization{gpu=\"left\"} 1",
      "{\"gpu.quoted\",a=\"b\"} 1", "go_x NaN", "up +Inf\r", count, "# EOF")
    #expect(page.unreadableLines == 0 && page.nodes.count == 1)
  }

  @Test(arguments: [
    "gpu_session_count{gpu=\"0\"", "gpu_session_count{gpu=\"0\"} x", "gpu_session_count{gpu=\"no\"} 1",
    "gpu_session_count{gpu=\"0\"} -1", "gpu_session_count 1", "<html>", "{", "node_load1", "1 2", "\u{FEFF}# HELP",
    "gpu_process_info{gpu=\"0\",pid=\"x\",status=\"active\"} 1",
    "gpu_process_info{gpu=\"0\",pid=\"1\",status=\"new\"} 1",
    "gpu_process_memory_bytes{gpu=\"0\",pid=\"99999999999\"} 1", "gpu_process_defunct{gpu=\"0\",pid=\"1\"} 1",
    "gpu_allocation_info{gpu=\"0\",pod_uid=\"none\"} 1", "gpu_info{gpu=\"0_1_1\",uuid=\"x\"} 1",
    "gpu_mig_info{gpu=\"0\"} 1", "gpu_mig_memory_used_bytes{gpu_uuid=\"x\"} 1", "gpu_device_readable{gpu=\"x\"} 1",
    "gpu_session_collector_last_run_timestamp_seconds NaN", "gpu_session_collector_problems{kind=\"a\"} -1",
    "gpu_session_collector_stage_success 1", "gpu_session_collector_build_info 1",
  ])
  func `a bad line costs itself only`(line: String) throws {
    let page = try page(count, line, "gpu_session_count{gpu=\"1\"} 0")
    #expect(page.unreadableLines == 1 && page.firstUnreadableLine == 2)
    #expect(page.nodes.values.first?.counts.count == 2)
  }

  @Test func `nodes of several clusters are told apart and sorted`() throws {
    let page = try page(
      "gpu_session_count{gpu=\"0\",cluster=\"us\",node=\"a\"} 0",
      "gpu_session_count{gpu=\"0\",cluster=\"eu\",node=\"b\"} 0",
      "gpu_session_count{gpu=\"0\",cluster=\"eu\",node=\"a\"} 0",
      "gpu_utilization{gpu=\"0\",uuid=\"x\",node=\"other\"} 0")
    #expect(
      page.nodes(now: 0).map(\.name) == [
        NodeName(cluster: "eu", name: "a"), NodeName(cluster: "eu", name: "b"), NodeName(cluster: "us", name: "a"),
      ])
  }

  @Test func `a page that says nothing of sessions is refused`() {
    func flaw(_ text: String) -> PublishedPage.Flaw? {
      do throws(PublishedPage.Flaw) {
        _ = try PublishedPage(octets(text))
        return nil
      } catch {
        return error
      }
    }
    #expect(flaw("") == .empty && flaw(" \r\n\n") == .empty)
    #expect(flaw("<!DOCTYPE html>\n<title>404</title>\n") == .notMetrics(line: 1))
    #expect(
      flaw("404 page not found\n") == .notMetrics(line: 1) && flaw("\u{1F}\u{8B}\u{8}\u{0}") == .notMetrics(line: 1)
    )
    #expect(flaw("# HELP up x\nup 1\n") == .foreign && flaw("# EOF\n") == .foreign)
    #expect(flaw("gpu_utilization{gpu=\"0\",uuid=\"x\"} 1\n") == .foreign)
  }

  @Test func `a node has no more devices than a limit`() throws {
    let lines = (0..<2_000).map { "gpu_session_count{gpu=\"\($0)\"} 0\ngpu_session_count{gpu=\"0_0_\($0)\"} 0\n" }
    let page = try PublishedPage(octets(lines.joined()))
    #expect(page.unreadableLines == 2 * (2_000 - NodeSamples.deviceLimit))
  }

  @Test func `a page has no more nodes than a limit`() throws {
    let lines = (0..<PublishedPage.nodeLimit + 5).map { "gpu_session_count{gpu=\"0\",node=\"\($0)\"} 0\n" }
    let page = try PublishedPage(octets(lines.joined()))
    #expect(page.nodes.count == PublishedPage.nodeLimit && page.unreadableLines == 5)
  }
}
