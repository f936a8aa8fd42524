import Testing

@testable import GPUSessions

@Suite struct DeviceHoldingsTests {
  private let plugin = DeviceHolding(
    podUID: "p", container: "c", resource: "nvidia.com/gpu", deviceIDs: ["a", "b"])
  private let claim = DeviceHolding(
    podUID: "q", container: "", resource: "gpu.nvidia.com", deviceIDs: [], claim: "claim")

  @Test func whatIsAddedIsThere() {
    var holdings = DeviceHoldings(of: Array("a document".utf8))
    #expect(holdings.isEmpty)
    for holding in [plugin, claim, plugin] { holdings.append(holding) }
    #expect(Array(holdings) == [plugin, claim, plugin] && holdings.count == 3)
    #expect(holdings.indices.map { holdings.ids($0) } == [0..<2, 2..<2, 2..<4])
    #expect(holdings.id(3) == "b")
  }

  /// An empty claim is none, whatever stands before it.
  @Test func onlyAClaimWithAnIDIsOne() {
    var holdings = DeviceHoldings()
    var nameless = claim
    nameless.claim = ""
    for holding in [plugin, claim, nameless] { holdings.append(holding) }
    #expect(holdings.indices.map { holdings.hasClaim($0) } == [false, true, false])
  }

  @Test func textsWithEscapesAreReadAsTheyAreMeant() throws {
    let text = #"""
      {"Data":{"PodDeviceEntries":[
      {"PodUID":"\u0070","ContainerName":"c\/d","ResourceName":"r","DeviceIDs":{"0":["\u0061","b"],"1":["c"]}},
      {"DeviceIDs":["d"],"PodUID":"q","ContainerName":"","ResourceName":"s"}]}}
      """#
    let checkpoint = try #require(DevicePluginCheckpoint(Array(text.utf8)))
    #expect(
      Array(checkpoint.holdings) == [
        DeviceHolding(podUID: "p", container: "c/d", resource: "r", deviceIDs: ["a", "b", "c"]),
        DeviceHolding(podUID: "q", container: "", resource: "s", deviceIDs: ["d"]),
      ])
  }
}
