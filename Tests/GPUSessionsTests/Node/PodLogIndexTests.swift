import GPUSessions
import Testing

@Suite struct PodLogIndexTests {
  private let uid = "7922aa99-d4aa-4885-a953-82976860b23a"
  private let otherUID = "eab5a334-93fe-48a8-b139-9e8079c1f163"
  private let staticUID = "6576683a93d91d8e2119df2c2755f2f1"
  private let id = String(repeating: "0123456789abcdef", count: 4)
  private let otherID = String(repeating: "f", count: 64)

  private func names(_ directories: [String] = [], _ links: [(String, String)] = []) -> Asked {
    let targets = Dictionary(links, uniquingKeysWith: { first, _ in first })
    return Asked(
      logs: PodLogIndex(
        podDirectories: directories.map { octets($0)[...] }, linkNames: links.map { octets($0.0)[...] },
        target: { name in targets[String(decoding: name, as: UTF8.self)].map { .bytes(Array($0.utf8)) } ?? .absent }
      ))
  }

  @Test func podsFromDirectories() {
    let found = names(["ml_train.a-0_\(uid)", "default_static-web-minikube_\(staticUID)", otherUID])
    #expect(found.pod(uid: uid) == PodName(namespace: "ml", name: "train.a-0"))
    #expect(found.pod(uid: staticUID) == PodName(namespace: "default", name: "static-web-minikube"))
    #expect(found.pod(uid: otherUID) == nil && !found.isAmbiguous(uid: otherUID))
    #expect(found.pod(uid: "") == nil)
  }

  @Test(arguments: ["ml_a", "m.l_a_", "ML_a_", "ml_-a_", "ml_a-_", "ml_a_b_", "_a_", "ml__", "ml_a\"_", "_"])
  func otherDirectoriesArePassedOver(prefix: String) {
    #expect(names([prefix + uid]).pod(uid: uid) == nil)
  }

  @Test func lengthsAreLimited() {
    let (label, name) = (String(repeating: "a", count: 63), String(repeating: "b", count: 253))
    #expect(names(["\(label)_\(name)_\(uid)"]).pod(uid: uid) != nil)
    #expect(names(["\(label)a_\(name)_\(uid)"]).pod(uid: uid) == nil)
    #expect(names(["\(label)_\(name)b_\(uid)"]).pod(uid: uid) == nil)
    #expect(names(["ml_a_\(uid)0"]).pod(uid: "\(uid)0") == nil)
    #expect(names(["ml_a_../../etc"]).pod(uid: "../../etc") == nil)
  }

  @Test func twoDirectoriesOfOneUIDNameNothing() {
    let link = ("a_ml_main-\(id).log", "/var/log/pods/ml_a_\(uid)/main/0.log")
    let found = names(["ml_a_\(uid)", "ml_b_\(uid)", "ml_a_\(uid)"], [link])
    #expect(found.pod(uid: uid) == nil && found.isAmbiguous(uid: uid))
    #expect(found.container(podUID: uid, containerID: id) == nil)
    #expect(!names(["ml_a_\(uid)", "ml_a_\(uid)"]).isAmbiguous(uid: uid))
  }

  @Test(arguments: ["/var/log/pods/", "/host/var/log/pods/", "../pods/", "pods/", "/var/log//pods//"])
  func containersFromTargets(prefix: String) {
    let found = names(["ml_a_\(uid)"], [("x_y_z-\(id).log", "\(prefix)ml_a_\(uid)/side-car/12.log")])
    #expect(found.container(podUID: uid, containerID: id) == "side-car")
    #expect(found.container(podUID: uid, containerID: otherID) == nil)
    #expect(found.container(podUID: otherUID, containerID: id) == nil)
  }

  @Test func aNameThatAgreesWithTheDirectoryIsEnough() {
    let link = ("a_ml_main-\(id).log", "/var/lib/docker/containers/\(id)/\(id)-json.log")
    #expect(names(["ml_a_\(uid)"], [link]).container(podUID: uid, containerID: id) == "main")
    for other in [
      "a_m_main", "aa_ml_main", "a_mll_main", "a_ml_", "a_ml_Main", "a_ml_ma.in", "a_ml_a_b", "_ml_main",
    ] {
      let found = names(["ml_a_\(uid)"], [("\(other)-\(id).log", link.1)])
      #expect(found.container(podUID: uid, containerID: id) == nil, "\(other)")
    }
    #expect(names(["ml_a_\(uid)"], [link]).container(podUID: otherUID, containerID: id) == nil)
  }

  @Test func targetsOfOtherFormsArePassedOver() {
    let name = "x_y_z-\(id).log"
    for target in [
      "", "/", "main/0.log", "ml_a_\(uid)/0.log",
      "/var/log/pods/ml_a_\(uid)/main/x.log", "/var/log/pods/ml_a_\(uid)/main/0.txt",
      "/var/log/pods/ml_a_\(uid)/ma.in/0.log", "/var/log/pods/\(uid)/main_0.log",
      "/var/log/pods/ml_a_\(uid)/main/0.log/x", "/var/lib/docker/containers/\(id)/\(id)-json.log",
    ] {
      let found = names(["ml_a_\(uid)"], [(name, target)])
      #expect(found.container(podUID: uid, containerID: id) == nil, "\(target)")
    }
  }

  @Test func linksNamePodsOnlyWithoutDirectories() {
    let link = ("a_ml_main-\(id).log", "/var/log/pods/ml_a_\(uid)/main/0.log")
    #expect(names([], [link]).pod(uid: uid) == PodName(namespace: "ml", name: "a"))
    let planted = names(["ml_b_\(uid)"], [link])
    #expect(planted.pod(uid: uid) == PodName(namespace: "ml", name: "b"))
    #expect(planted.container(podUID: uid, containerID: id) == nil)
    let second = ("c_ml_main-\(otherID).log", "/var/log/pods/ml_c_\(uid)/main/0.log")
    #expect(names([], [link, second]).isAmbiguous(uid: uid))
  }

  @Test func oneIDInTwoContainersNamesNeither() {
    let links = [
      ("a_ml_main-\(id).log", "/var/log/pods/ml_a_\(uid)/main/0.log"),
      ("a_ml_side-\(id).log", "/var/log/pods/ml_a_\(uid)/side/0.log"),
    ]
    #expect(names([], links).container(podUID: uid, containerID: id) == nil)
    #expect(names([], links.reversed()).container(podUID: uid, containerID: id) == nil)
  }

  @Test func aDirectoryOfAnyPodMeansThatLinksNameNone() {
    let link = ("a_ml_main-\(id).log", "/var/log/pods/ml_a_\(uid)/main/0.log")
    let found = names(["ml_b_\(otherUID)"], [link])
    #expect(found.pod(uid: uid) == nil && !found.isAmbiguous(uid: uid))
    #expect(names(["noise"], [link]).pod(uid: uid) == PodName(namespace: "ml", name: "a"))
  }

  @Test func idsThatBeginAlikeAreKeptApart() {
    let alike = String(id.dropLast()) + "0"
    let links = [
      ("a_ml_main-\(id).log", "/var/log/pods/ml_a_\(uid)/main/0.log"),
      ("a_ml_side-\(alike).log", "/var/log/pods/ml_a_\(uid)/side/0.log"),
    ]
    #expect(names(["ml_a_\(uid)"], links).container(podUID: uid, containerID: id) == "main")
    #expect(names(["ml_a_\(uid)"], links).container(podUID: uid, containerID: alike) == "side")
    #expect(names(["ml_a_\(uid)"], [links[1]]).container(podUID: uid, containerID: id) == nil)
  }

  @Test func aLinkThatCannotBeReadHidesNoOther() throws {
    let pod = try #require(PodUID(uid))
    let pods = "/var/log/pods/ml_a_\(uid)/"
    let links = ["x_ml_main-\(id).log": pods + "main/0.log", "a_ml_long-0.log": pods + "long/0.log"]
    var logs = PodLogIndex(
      podDirectories: [octets("ml_a_\(uid)")[...]], linkNames: links.keys.map { octets($0)[...] }
    ) {
      name in
      let name = String(decoding: name, as: UTF8.self)
      return name.contains("main") ? .failed(5) : links[name].map { .bytes(Array($0.utf8)) } ?? .absent
    }
    #expect(!logs.hasUnreadableLink)
    #expect(logs.container(podUID: pod, containerID: id) == nil && logs.hasUnreadableLink)
    #expect(logs.container(podUID: pod, containerID: otherID) == "long")
  }

  @Test func truncatedNamesAreKnownByPod() {
    let pods = "/var/log/pods/ml_a_\(uid)/"
    let short = ("a_ml_short-\(otherID).log", "\(pods)short/0.log")
    let long = ("a_ml_long-0123456.log", "\(pods)long/0.log")
    #expect(names([], [short, long]).container(podUID: uid, containerID: id) == "long")
    #expect(names([], [short, long]).container(podUID: uid, containerID: otherID) == "short")
    #expect(names([], [short]).container(podUID: uid, containerID: id) == nil)
    let second = ("a_ml_longer-0.log", "\(pods)longer/0.log")
    #expect(names([], [long, second]).container(podUID: uid, containerID: id) == nil)
    let again = ("a_ml_long-fedcba.log", "\(pods)long/1.log")
    #expect(names([], [long, again]).container(podUID: uid, containerID: id) == "long")
    // The ID is known, and it is another pod's.
    let foreign = ("b_ml_x-\(id).log", "/var/log/pods/ml_b_\(otherUID)/x/0.log")
    #expect(names([], [long, foreign]).container(podUID: uid, containerID: id) == nil)
    // The name is known with a whole ID, and it is another one.
    let whole = ("a_ml_long-\(otherID).log", "\(pods)long/0.log")
    #expect(names([], [long, whole]).container(podUID: uid, containerID: id) == nil)
  }

  @Test func eachLinkIsReadOnce() throws {
    let pods = try [uid, otherUID].map { try #require(PodUID($0)) }
    let targets = [
      "x_y_main-\(id).log": "/var/log/pods/ml_a_\(uid)/main/0.log",
      "a_ml_long-0.log": "/var/log/pods/ml_a_\(uid)/long/0.log",
      "b_ml_main-\(otherID).log": "/var/log/pods/ml_b_\(otherUID)/main/0.log",
    ]
    let counts = ReadCounts()
    var logs = PodLogIndex(podDirectories: [], linkNames: targets.keys.map { Array($0.utf8)[...] }) { name in
      let name = String(decoding: name, as: UTF8.self)
      counts.byName[name, default: 0] += 1
      return targets[name].map { .bytes(Array($0.utf8)) } ?? .absent
    }
    for _ in 0..<3 {
      #expect(pods.map { logs.pod($0)?.name } == ["a", "b"])
      #expect(logs.container(podUID: pods[0], containerID: id) == "main")
      #expect(logs.container(podUID: pods[0], containerID: "") == "long")
      #expect(logs.container(podUID: pods[1], containerID: otherID) == "main")
    }
    #expect(counts.byName == targets.mapValues { _ in 1 })
  }

  @Test func aLinkNamedLikeThePodIsNotRead() throws {
    let pod = try #require(PodUID(uid))
    var logs = PodLogIndex(
      podDirectories: [Array("ml_a_\(uid)".utf8)[...]], linkNames: [Array("a_ml_main-\(id).log".utf8)[...]]
    ) { _ in
      Issue.record("the link was read")
      return .absent
    }
    #expect(logs.container(podUID: pod, containerID: id) == "main")
  }

  /// Such a directory's name has a `_` both 33 and 37 bytes before its end.
  @Test func aStaticPodMayHaveANameOfThreeLetters() {
    #expect(names(["ml_etc_\(staticUID)"]).pod(uid: staticUID) == PodName(namespace: "ml", name: "etc"))
  }

  @Test func aDirectoryThatNamesNothingHidesNoOther() {
    let other = "ml_b_c_\(uid)"
    for directories in [[other, "ml_a_\(uid)"], ["ml_a_\(uid)", other], ["ml_a_\(uid)", other, "ml_a_\(uid)"]] {
      #expect(names(directories).pod(uid: uid) == PodName(namespace: "ml", name: "a"))
      #expect(!names(directories).isAmbiguous(uid: uid))
    }
    #expect(names([other, "ml_a_\(uid)", "ml_b_\(uid)"]).isAmbiguous(uid: uid))
  }

  @Test func takesAnyBytes() throws {
    let pod = try #require(PodUID(uid))
    let noise = (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 131) }
    var found = PodLogIndex(
      podDirectories: [noise[...], [], [0x5F]], linkNames: [noise[...]], target: { _ in .bytes(noise) })
    #expect(found.pod(pod) == nil && found.container(podUID: pod, containerID: id) == nil)
  }
}

/// Names of which each question is the first.
private struct Asked {
  let logs: PodLogIndex

  func pod(uid: String) -> PodName? {
    var logs = logs
    return PodUID(uid).flatMap { logs.pod($0) }
  }

  func isAmbiguous(uid: String) -> Bool {
    var logs = logs
    return PodUID(uid).map { logs.isAmbiguous($0) } ?? false
  }

  func container(podUID: String, containerID: String) -> String? {
    var logs = logs
    return PodUID(podUID).flatMap { logs.container(podUID: $0, containerID: containerID) }
  }
}

/// How often each link was read.
private final class ReadCounts: @unchecked Sendable {
  var byName: [String: Int] = [:]
}
