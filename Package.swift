// swift-tools-version: 6.3
import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "gpu-sessions",
  products: [.executable(name: "gpu-sessions", targets: ["gpu-sessions"])],
  targets: [
    // Values in, values out. Imports nothing but the JSON decoder, in one file; `make lint` holds it to that.
    .target(name: "GPUSessions", swiftSettings: settings + [.strictMemorySafety()]),
    // Every descriptor, PID, path and clock of the program.
    .target(
      name: "NodeHost", dependencies: ["GPUSessions"],
      swiftSettings: settings + [.unsafeFlags(["-Xcc", "-D_GNU_SOURCE"])]),
    .executableTarget(
      name: "gpu-sessions", dependencies: ["GPUSessions", "NodeHost"],
      swiftSettings: settings,
      linkerSettings: [
        .unsafeFlags(
          [
            "-static-executable",
            // What FoundationEssentials needs and -static-executable leaves out.
            "-Xlinker", "-l_FoundationCShims", "-Xlinker", "-l_FoundationCollections",
            "-Xlinker", "-lswiftSynchronization",
          ], .when(configuration: .release))
      ]),
    .testTarget(
      name: "GPUSessionsTests", dependencies: ["GPUSessions", "NodeHost"],
      swiftSettings: settings),
    .testTarget(
      name: "NodeHostTests", dependencies: ["GPUSessions", "NodeHost"],
      swiftSettings: settings + [.unsafeFlags(["-Xcc", "-D_GNU_SOURCE"])]),
    .testTarget(
      name: "CommandTests", dependencies: ["gpu-sessions", "GPUSessions", "NodeHost"],
      swiftSettings: settings),
  ]
)
