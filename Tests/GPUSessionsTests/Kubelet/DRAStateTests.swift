import Testing

@testable import GPUSessions

@Suite struct DRAStateTests {
  private func state(_ text: String) -> DRAState? { DRAState(Array(text.utf8)) }

  /// A file whose `Data` is this JSON.
  private func file(_ data: String) -> String {
    #"{"Data":"\#(data.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\""))"}"#
  }

  private let entry =
    #"{"ClaimUID":"c","PodUIDs":{"b":{},"a":{}},"DriverState":{"gpu.nvidia.com":{"Devices":[]}},"X":1}"#
  private let claim = DRAState.Claim(uid: "c", podUIDs: ["a", "b"], drivers: ["gpu.nvidia.com"])

  @Test(arguments: ["ClaimInfoStateList", "Entries"])
  func dataIsAStringOfJSON(list: String) {
    #expect(state(file(#"{"kind":"DRACheckpoint","\#(list)":[\#(entry)]}"#))?.claims == [claim])
    #expect(state(file(#"{"\#(list)":[]}"#))?.claims.isEmpty == true)
    #expect(state(file(#"{"\#(list)":null}"#))?.claims.isEmpty == true)
  }

  /// What a kubelet 1.36.2 wrote, with a claim that two pods share.
  @Test func aRealKubelet() {
    let text =
      #"{"kind":"DRACheckpoint","apiVersion":"checkpoint.dra.kubelet.k8s.io/v1","ClaimInfoStateList":[{"#
      + #""ClaimUID":"38bfdc38-a03f-43a1-8c03-41d4379fedb7","ClaimName":"shared-gpu","Namespace":"team-a","#
      + #""PodUIDs":{"a55564ae-8850-40bb-b079-0a044d45e575":{},"cfcc0523-9fa4-4c43-b289-6e0d2305a416":{}},"#
      + #""DriverState":{"gpu.nvidia.com":{"Devices":[{"PoolName":"gpu-a","DeviceName":"gpu-1","ShareID":null,"#
      + #""RequestNames":["gpu"],"CDIDeviceIDs":null}]}}}]}"#
    let claim = DRAState.Claim(
      uid: "38bfdc38-a03f-43a1-8c03-41d4379fedb7",
      podUIDs: ["a55564ae-8850-40bb-b079-0a044d45e575", "cfcc0523-9fa4-4c43-b289-6e0d2305a416"],
      drivers: ["gpu.nvidia.com"])
    #expect(state(file(text))?.claims == [claim])
  }

  @Test func alphaFormHasItsEntriesAtTheTop() {
    let text = #"{"version":"v1","entries":[{"ClaimUID":"c","PodUIDs":{"a":{}},"DriverName":"d"}],"checksum":1}"#
    #expect(state(text)?.claims == [DRAState.Claim(uid: "c", podUIDs: ["a"], drivers: ["d"])])
    // The alpha form leaves an empty list out.
    #expect(state(#"{"version":"v1","checksum":1}"#)?.claims.isEmpty == true)
  }

  @Test func whatIsThereTwiceCountsOnce() {
    let text = #"{"entries":[{"ClaimUID":"c","PodUIDs":{"a":{},"a":{}},"DriverState":{"d":{},"d":{}}}]}"#
    #expect(state(text)?.claims == [DRAState.Claim(uid: "c", podUIDs: ["a"], drivers: ["d"])])
  }

  @Test func twoListsAreOneOrNone() {
    #expect(state(file(#"{"Entries":[\#(entry)],"ClaimInfoStateList":[\#(entry)]}"#))?.claims == [claim])
    #expect(state(file(#"{"Entries":[],"ClaimInfoStateList":[\#(entry)]}"#)) == nil)
    #expect(state(file(#"{"Entries":null,"ClaimInfoStateList":[\#(entry)]}"#)) == nil)
  }

  @Test func goWritesNullForAnEmptyMap() {
    let text = file(#"{"ClaimInfoStateList":[{"ClaimUID":"c","PodUIDs":null,"DriverState":null}]}"#)
    #expect(state(text)?.claims == [DRAState.Claim(uid: "c", podUIDs: [], drivers: [])])
  }

  @Test(arguments: [
    #"{}"#, #"{"kind":"DRACheckpoint","apiVersion":"checkpoint.dra.kubelet.k8s.io/v2"}"#, #"{"Claims":[]}"#,
    #"{"claimInfoStateList":[]}"#, #"{"Entries":7}"#, #"{"ClaimInfoStateList":{}}"#, #"{"Entries":[{}]}"#,
    #"{"Entries":[null]}"#, #"{"Entries":[{"ClaimUID":"c","DriverState":{}}]}"#,
    #"{"Entries":[{"ClaimUID":"c","PodUIDs":{}}]}"#,
    #"{"Entries":[{"ClaimUID":"c","PodUIDs":[7],"DriverState":{}}]}"#,
    #"{"Entries":[{"ClaimUID":"c","PodUIDs":{},"DriverState":{"d":null}}]}"#, "[]", "",
  ])
  func dataOfAnotherShapeIsNoEmptyList(data: String) {
    #expect(state(file(data)) == nil)
  }

  @Test(arguments: [
    "", "{}", "[]", #"{"Data":{}}"#, #"{"Data":null}"#, #"{"version":"v1"}"#, #"{"checksum":1}"#,
    #"{"version":"v2","checksum":1}"#, #"{"Data":null,"version":"v1","checksum":1}"#,
    #"{"version":"v1","entries":{},"checksum":1}"#,
  ])
  func otherFilesAreRefused(text: String) {
    #expect(state(text) == nil)
  }
}
