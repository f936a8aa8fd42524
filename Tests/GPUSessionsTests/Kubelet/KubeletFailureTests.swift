import Testing

@testable import GPUSessions

@Suite struct KubeletFailureTests {
  private static let sources: [KubeletFailure.Source] = [
    .pluginCheckpoint, .claims, .driverCheckpoint(claims: 1), .driverCheckpoint(claims: 2), .cgroups,
  ]
  private static let causes: [KubeletFailure.Cause] = [
    .missing, .torn, .otherShape, .unreadable(13), .unreadable(5), .tooLong(64), .noPods,
  ]

  @Test(arguments: sources, causes)
  func eachSentenceSaysWhatIsLostAndWhatHelps(source: KubeletFailure.Source, cause: KubeletFailure.Cause) {
    let failure = KubeletFailure(path: "/f", source: source, cause: cause)
    #expect(failure.fact.hasPrefix("/f ") && failure.fact.contains(": "))
    #expect(failure.fact.contains(source == .cgroups ? "published" : "not known"))
    #expect(!failure.fact.hasSuffix(".") && !failure.fact.hasSuffix(")") && !failure.remedy.isEmpty)
    #expect(failure.sentence == "\(failure.fact) (\(failure.remedy))")
  }

  @Test func whoWritesATornFileIsRestarted() {
    func remedy(_ source: KubeletFailure.Source) -> String {
      KubeletFailure(path: "/f", source: source, cause: .torn).remedy
    }
    #expect(remedy(.pluginCheckpoint).contains("restart kubelet") && remedy(.claims).contains("restart kubelet"))
    #expect(remedy(.driverCheckpoint(claims: 1)).contains("restart NVIDIA's DRA driver"))
  }

  @Test func whoseFileIsMissingIsSaid() {
    func remedy(_ source: KubeletFailure.Source) -> String {
      KubeletFailure(path: "/f", source: source, cause: .missing).remedy
    }
    #expect(remedy(.driverCheckpoint(claims: 1)).contains("DRA driver"))
    #expect(remedy(.pluginCheckpoint).contains("--kubelet-root"))
    #expect(remedy(.claims).contains("mount the kubelet's whole directory") && !remedy(.claims).contains("driver"))
  }

  @Test func aMissingPermissionIsNoBadPath() {
    func remedy(_ errno: Errno) -> String {
      KubeletFailure(path: "/f", source: .claims, cause: .unreadable(errno)).remedy
    }
    #expect(remedy(.permissionDenied) == "run it as root" && remedy(.notPermitted) == "run it as root")
    #expect(remedy(.danglingLink).contains("namei") && remedy(5).contains("namei"))
  }
}
