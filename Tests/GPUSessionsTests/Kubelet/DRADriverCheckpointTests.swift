import Testing

@testable import GPUSessions

@Suite struct DRADriverCheckpointTests {
  private typealias Devices = DRADriverCheckpoint.Devices

  private func claims(_ text: String) -> [String: DRADriverCheckpoint.Devices]? {
    DRADriverCheckpoint(Array(text.utf8))?.claims
  }

  private func first(_ device: String) -> String {
    #""v1":{"preparedClaims":{"c":{"preparedDevices":[null,{"devices":[\#(device)]}]}}}"#
  }

  private func second(_ device: String, state: String = #""checkpointState":"PrepareCompleted","#) -> String {
    #""v2":{"preparedClaims":{"c":{\#(state)"preparedDevices":[null,{"devices":[\#(device)]}]}}}"#
  }

  @Test(arguments: [
    #"{"gpu":{"info":{"uuid":"U"}},"mig":null}"#, #"{"mig":{"concrete":{"migUUID":"U","giId":3}}}"#,
    #"{"mig":{"info":{"uuid":"U"}}}"#,
  ])
  func devicesOfEachKind(device: String) {
    for version in [first(device), second(device)] {
      #expect(claims("{\(version)}") == ["c": Devices(uuids: ["U"])])
    }
  }

  @Test func versionTwoWins() {
    let (one, two) = (#"{"gpu":{"info":{"uuid":"U1"}}}"#, #"{"gpu":{"info":{"uuid":"U2"}}}"#)
    #expect(claims("{\(first(one)),\(second(two))}") == ["c": Devices(uuids: ["U2"])])
    #expect(claims("{\(first(one)),\"v2\":{}}") == [:])
  }

  @Test(arguments: ["PrepareStarted", "", "PrepareSomehow"])
  func onlyAFinishedClaimHasDevices(state: String) {
    let device = #"{"gpu":{"info":{"uuid":"U"}}}"#
    #expect(claims("{\(second(device, state: #""checkpointState":"\#(state)","#))}") == [:])
  }

  @Test func devicesThatAreNoneOfNvidiaSMIs() {
    #expect(claims("{\(second(#"{"vfio":{"info":{"uuid":"U"}}}"#))}") == ["c": Devices()])
    // A kind that is not known may be a device of nvidia-smi's.
    #expect(claims("{\(second(#"{"gpu":null,"mig":null,"new":{}}"#))}") == ["c": Devices(unknownCount: 1)])
  }

  @Test func whatGoLeavesOutIsEmpty() {
    #expect(claims(#"{"v1":{}}"#) == [:])
    #expect(
      claims(#"{"v2":{"preparedClaims":{"c":{"checkpointState":"PrepareCompleted"}}}}"#) == ["c": Devices()])
    #expect(claims(#"{"v1":{"preparedClaims":{"c":{"preparedDevices":[{"devices":null}]}}}}"#) == ["c": Devices()])
  }

  @Test(arguments: [
    "", "{}", #"{"v3":{}}"#, #"{"v2":7}"#, #"{"v2":{"preparedClaims":[]}}"#, #"{"v2":{"preparedClaims":{"c":{}}}}"#,
    #"{"v1":{"preparedClaims":{"c":[{"devices":[]}]}}}"#,
    #"{"v1":{"preparedClaims":{"c":{"preparedDevices":[{"configState":{}}]}}}}"#,
  ])
  func otherFilesAreRefused(text: String) {
    #expect(claims(text) == nil)
  }

  @Test(arguments: [#"{"gpu":{}}"#, #"{"gpu":{"info":{}}}"#, #"{"mig":{}}"#, #"{"mig":{"concrete":{}}}"#, "7"])
  func aDeviceWithoutItsUUIDIsNoEmptyList(device: String) {
    #expect(claims("{\(first(device))}") == nil)
  }
}
