import Testing

@testable import GPUSessions

@Suite struct DevicePluginCheckpointTests {
  private func checkpoint(_ text: String) -> DevicePluginCheckpoint? { DevicePluginCheckpoint(Array(text.utf8)) }

  private let uid = PodUID("7922aa99-d4aa-4885-a953-82976860b23a")

  private func bytes(_ ids: [String]) -> [ArraySlice<UInt8>] { ids.map { Array($0.utf8)[...] } }

  private func withIDs(_ ids: String) -> DevicePluginCheckpoint? {
    checkpoint(
      #"{"Data":{"PodDeviceEntries":[{"PodUID":"7922aa99-d4aa-4885-a953-82976860b23a","#
        + #""ContainerName":"c","ResourceName":"r","DeviceIDs":\#(ids)}]}}"#)
  }

  @Test(arguments: [
    (#"["a","b"]"#, ["a", "b"]), (#"{"1":["b"],"0":["a"]}"#, ["b", "a"]), (#"{"-1":["a"],"0":null}"#, ["a"]),
    ("[]", []), ("{}", []), ("null", []),
  ])
  func bothFormsOfIDs(text: String, ids: [String]) {
    let entry = PodDeviceEntry(podUID: uid, containerName: "c", resourceName: "r", deviceIDs: bytes(ids))
    #expect(withIDs(text)?.entries == [entry])
  }

  @Test func textsWithEscapesAreReadAsTheyAreMeant() {
    let text = #"""
      {"Data":{"PodDeviceEntries":[
      {"PodUID":"7922aa99\u002dd4aa-4885-a953-82976860b23a","ContainerName":"c\/d","ResourceName":"r","DeviceIDs":{"0":["\u0061","b"],"1":["c"]}},
      {"DeviceIDs":["d"],"PodUID":"q","ContainerName":"","ResourceName":"s"}]}}
      """#
    #expect(
      checkpoint(text)?.entries == [
        PodDeviceEntry(podUID: uid, containerName: "c/d", resourceName: "r", deviceIDs: bytes(["a", "b", "c"])),
        PodDeviceEntry(podUID: nil, containerName: "", resourceName: "s", deviceIDs: bytes(["d"])),
      ])
  }

  @Test func anEntryWithoutIDsHasAnotherShape() {
    #expect(
      checkpoint(#"{"Data":{"PodDeviceEntries":[{"PodUID":"p","ContainerName":"c","ResourceName":"r"}]}}"#) == nil)
  }

  @Test(arguments: [#""a""#, "7", "[1]", "[null]", #"{"0":"a"}"#, #"{"0":[1]}"#, #"{"0":{"a":"b"}}"#])
  func otherFormsOfIDsAreRefused(text: String) {
    #expect(withIDs(text) == nil)
  }

  @Test func unknownKeysAndChecksumsArePassedOver() {
    let text = """
      {"Future":[{}],"Checksum":"x","BootID":"b","Data":{"RegisteredDevices":7,"PodDeviceEntries":[
      {"PodUID":"p","ContainerName":"","ResourceName":"","DeviceIDs":null,"AllocResp":{"secret":1},"New":[]}]}}
      """
    #expect(checkpoint(text)?.bootID == "b" && checkpoint(text)?.entries.count == 1)
    #expect(checkpoint(#"{"Data":{"PodDeviceEntries":null},"BootID":""}"#)?.entries.isEmpty == true)
    #expect(checkpoint(#"{"Data":{"PodDeviceEntries":null},"BootID":""}"#)?.bootID == nil)
  }

  @Test(arguments: [
    "", " ", "{}", "[]", "null", "0", #"{"Data":null}"#, #"{"Data":{}}"#, #"{"Data":[]}"#,
    #"{"Data":{"PodDeviceEntries":{}}}"#, #"{"Data":{"PodDeviceEntries":[null]}}"#,
    #"{"Data":{"PodDeviceEntries":[{"PodUID":"p"}]}}"#, #"{"Data":{"PodDeviceEntries":[]}}{}"#,
    #"{"Data":{"PodDeviceEntries":[]}"#, "\u{0}\u{1}",
  ])
  func tornAndOddFilesAreRefused(text: String) {
    #expect(checkpoint(text) == nil)
  }

  @Test func hostileBytesDoNotTrap() {
    #expect(DevicePluginCheckpoint([0xFF, 0xFE, 0x00, 0xD8]) == nil)
    #expect(DevicePluginCheckpoint(Array(repeating: UInt8(ascii: "["), count: 200_000)) == nil)
    #expect(checkpoint(String(repeating: #"{"Data":"#, count: 50_000)) == nil)
    let whole = Array(#"{"Data":{"PodDeviceEntries":[]}}"#.utf8)
    for count in whole.indices { #expect(DevicePluginCheckpoint(Array(whole[..<count])) == nil) }
  }
}
