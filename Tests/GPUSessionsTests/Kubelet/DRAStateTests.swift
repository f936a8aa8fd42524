import Testing

@testable import GPUSessions

@Suite struct DRAStateTests {
  private func state(_ text: String) -> DRAState? { DRAState(Array(text.utf8)) }

  @Test func dataIsAStringOfJSON() {
    let text =
      #"{"Data":"{\"Entries\":[{\"ClaimUID\":\"c\",\"PodUIDs\":{\"b\":{},\"a\":{}},"#
      + #"\"DriverState\":{\"gpu.nvidia.com\":{\"Devices\":[]}},\"X\":1}]}","Checksum":1}"#
    let claim = DRAState.Claim(uid: "c", podUIDs: ["a", "b"], drivers: ["gpu.nvidia.com"])
    #expect(state(text)?.claims == [claim])
    #expect(state(#"{"Data":"{\"Entries\":null}"}"#)?.claims.isEmpty == true)
  }

  @Test func alphaFormHasItsEntriesAtTheTop() {
    let text = #"{"version":"v1","entries":[{"ClaimUID":"c","PodUIDs":{"a":{}},"DriverName":"d"}],"checksum":1}"#
    #expect(state(text)?.claims == [DRAState.Claim(uid: "c", podUIDs: ["a"], drivers: ["d"])])
  }

  @Test func whatIsThereTwiceCountsOnce() {
    let text = #"{"entries":[{"ClaimUID":"c","PodUIDs":{"a":{},"a":{}},"DriverState":{"d":{},"d":{}}}]}"#
    #expect(state(text)?.claims == [DRAState.Claim(uid: "c", podUIDs: ["a"], drivers: ["d"])])
  }

  @Test(arguments: [
    "", "{}", "[]", #"{"Data":""}"#, #"{"Data":{}}"#, #"{"Data":"{\"Entries\":7}"}"#,
    #"{"Data":"{\"Entries\":[{}]}"}"#,
    #"{"Data":"{\"Entries\":[{\"ClaimUID\":\"c\",\"PodUIDs\":[7]}]}"}"#,
  ])
  func otherFilesAreRefused(text: String) {
    #expect(state(text) == nil)
  }
}

@Suite struct NvidiaDRACheckpointTests {
  private func devices(_ text: String) -> [String: [String]]? { DRADriverCheckpoint(Array(text.utf8))?.devices }

  private func version(_ name: String, _ device: String, state: String = "PrepareCompleted") -> String {
    #""\#(name)":{"preparedClaims":{"c":{"checkpointState":"\#(state)","#
      + #""preparedDevices":[null,{"devices":[\#(device)]}]}}}"#
  }

  @Test(arguments: [
    #"{"gpu":{"info":{"uuid":"U"}},"mig":null}"#, #"{"mig":{"concrete":{"migUUID":"U","giId":3}}}"#,
    #"{"mig":{"info":{"uuid":"U"}}}"#,
  ])
  func devicesOfEachKind(device: String) {
    for name in ["v1", "v2"] { #expect(devices("{\(version(name, device))}") == ["c": ["U"]]) }
  }

  @Test func versionTwoWinsAndBegunClaimsHoldNothing() {
    let (one, two) = (#"{"gpu":{"info":{"uuid":"U1"}}}"#, #"{"gpu":{"info":{"uuid":"U2"}}}"#)
    #expect(devices("{\(version("v1", one)),\(version("v2", two))}") == ["c": ["U2"]])
    #expect(devices("{\(version("v2", two, state: "PrepareStarted"))}") == [:])
    #expect(devices("{\(version("v2", #"{"vfio":{"info":{"uuid":"U"}}}"#))}") == ["c": []])
    #expect(devices(#"{"v1":{}}"#) == [:])
  }

  @Test(arguments: ["", "{}", #"{"v3":{}}"#, #"{"v2":7}"#, #"{"v2":{"preparedClaims":[]}}"#])
  func otherFilesAreRefused(text: String) {
    #expect(devices(text) == nil)
  }
}
