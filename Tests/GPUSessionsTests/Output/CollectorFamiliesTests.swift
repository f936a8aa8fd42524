import Testing

@testable import GPUSessions

@Suite struct CollectorFamiliesTests {
  @Test func `a failed run writes nothing but the collector's own families`() throws {
    var run = SketchedRun()
    run.gpus = try gpus((0, "NVIDIA H100", "Disabled"))
    run.failure = .driverNotLoaded
    run.started = 1_784_019_644_742_999_999
    run.stages = [StageResult(stage: .devices, isSuccess: false, duration: 1_234_567)]
    run.problems.add(.deviceUnreadable, 3)
    let lines = exposition(run.outcome, Options()).lines().map(\.text)
    let names = Set(
      lines.filter { !$0.hasPrefix("#") }.compactMap { $0.split { $0 == "{" || $0 == " " }.first })
    #expect(
      names == [
        "gpu_session_collector_build_info", "gpu_session_collector_last_run_timestamp_seconds",
        "gpu_session_collector_problems", "gpu_session_collector_stage_duration_seconds",
        "gpu_session_collector_stage_success", "gpu_session_collector_success",
      ])
    #expect(lines.allSatisfy { $0.contains("gpu_session_collector_") })
    #expect(lines.contains(#"gpu_session_collector_problems{kind="driver_not_loaded"} 1"#))
    #expect(lines.contains("gpu_session_collector_success 0"))
    #expect(lines.contains("gpu_session_collector_last_run_timestamp_seconds 1784019644.742"))
    #expect(lines.contains(#"gpu_session_collector_stage_duration_seconds{stage="devices"} 0.001234"#))
    #expect(lines.contains(#"gpu_session_collector_stage_success{stage="devices"} 0"#))
    #expect(lines.contains(#"gpu_session_collector_problems{kind="device_unreadable"} 3"#))
  }

  @Test func `every kind of problem is written, 0 included`() {
    let rows = samples("gpu_session_collector_problems", SketchedRun())
    #expect(rows.count == Problem.allCases.count)
    #expect(rows.allSatisfy { $0.hasSuffix("} 0") } && rows == rows.sorted())
  }

  @Test(arguments: CollectionFailure.oneOfEach)
  func `the reason of a failed run is one more kind, in order`(_ failure: CollectionFailure) {
    var run = SketchedRun()
    run.failure = failure
    let rows = samples("gpu_session_collector_problems", run)
    #expect(
      rows.count == Problem.allCases.count + 1 && Set(rows).count == rows.count && rows == rows.sorted())
    #expect(rows.filter { $0.hasSuffix("} 1") }.count == 1)
    #expect(Problem(rawValue: failure.kind) == nil)
    #expect(failure.kind.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x5F })
  }

  @Test func `stages are sorted by name and those that did not run are absent`() {
    var run = SketchedRun()
    run.stages = [
      StageResult(stage: .processes, isSuccess: true, duration: 2_000_000_000),
      StageResult(stage: .devices, isSuccess: false, duration: 0),
    ]
    #expect(
      samples("gpu_session_collector_stage_success", run) == [
        #"gpu_session_collector_stage_success{stage="devices"} 0"#,
        #"gpu_session_collector_stage_success{stage="processes"} 1"#,
      ])
    #expect(
      samples("gpu_session_collector_stage_duration_seconds", run).last
        == #"gpu_session_collector_stage_duration_seconds{stage="processes"} 2"#)
  }

  @Test func `success is 1 only for a complete run`() throws {
    var run = SketchedRun()
    run.gpus = try gpus((0, "NVIDIA H100", "Disabled"))
    #expect(samples("gpu_session_collector_success", run) == ["gpu_session_collector_success 1"])
    run.lostGPUs = [LostGPU(index: 1, busID: "")]
    #expect(samples("gpu_session_collector_success", run) == ["gpu_session_collector_success 0"])
  }

  @Test func `constant labels are on every sample, last`() throws {
    var run = SketchedRun()
    run.gpus = try gpus((0, "NVIDIA H100", "Disabled"))
    var options = Options()
    options.labels = [Label("cluster", "a"), Label("node", "b\n")]
    let lines = exposition(run.outcome, options).lines().map(\.text).filter { !$0.hasPrefix("#") }
    #expect(lines.count > 25)
    for line in lines { #expect(line.contains(#"cluster="a",node="b\n"} "#), "\(line)") }
  }

  @Test func `the same run gives the same bytes, families sorted`() throws {
    var run = SketchedRun()
    run.gpus = try gpus((0, "NVIDIA H100", "Disabled"), (1, "NVIDIA A30", "[N/A]"))
    let first = exposition(run.outcome, Options())
    #expect(first == exposition(run.outcome, Options()))
    let families = first.lines().map(\.text).filter { $0.hasPrefix("# TYPE ") }
    #expect(families == families.sorted() && Set(families).count == families.count && families.count > 8)
  }
}
