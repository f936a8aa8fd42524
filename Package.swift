// swift-tools-version: 6.3
import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

// Metadata of a generic type is asked for by its arguments, not by its mangled name: that is demangled at run time, and what
// its arguments conform to is looked up among all conformances there are. It was a tenth of a run, for a hundred types.
// Values are copied and ended member by member, not by the witnesses of their generic type, which are made at run time.
let plainMetadata = SwiftSetting.unsafeFlags(
  ["-Xfrontend", "-disable-concrete-type-metadata-mangled-name-accessors", "-Xfrontend", "-disable-type-layout"],
  .when(configuration: .release))

// Equal functions are folded, and the index for unwinding, which nothing here does, is left out.
let staticLink = [
  "-static-executable", "-use-ld=lld", "-Xlinker", "--gc-sections", "-Xlinker", "--icf=all", "-Xlinker",
  "--no-eh-frame-hdr",
]

let package = Package(
  name: "gpu-sessions",
  products: [.executable(name: "gpu-sessions", targets: ["gpu-sessions"])],
  targets: [
    // Values in, values out. No file imports anything; `make lint` holds it to that. The program has one thread: what
    // counts references need not be atomic. Tests, which have many, are built for debugging.
    .target(
      name: "GPUSessions",
      swiftSettings: settings + [
        .strictMemorySafety(),
        .unsafeFlags(
          ["-O", "-Xfrontend", "-disable-reflection-metadata", "-Xfrontend", "-assume-single-threaded"],
          .when(configuration: .release)),
        plainMetadata,
      ]),
    .systemLibrary(name: "CMalloc"),
    // Every descriptor, PID, path and clock of the program.
    .target(
      name: "NodeHost", dependencies: ["CMalloc", "GPUSessions"],
      swiftSettings: settings + [.unsafeFlags(["-Xcc", "-D_GNU_SOURCE"]), plainMetadata]),
    .executableTarget(
      name: "gpu-sessions", dependencies: ["GPUSessions", "NodeHost"],
      swiftSettings: settings + [plainMetadata],
      linkerSettings: [.unsafeFlags(staticLink, .when(configuration: .release))]),
    .testTarget(
      name: "GPUSessionsTests", dependencies: ["GPUSessions", "NodeHost"],
      swiftSettings: settings),
    .testTarget(
      name: "NodeHostTests", dependencies: ["GPUSessions", "NodeHost"],
      swiftSettings: settings + [.unsafeFlags(["-Xcc", "-D_GNU_SOURCE"])]),
    // What must hold of any input; libFuzzer's executable and the tests share it.
    .target(
      name: "FuzzProperties", dependencies: ["GPUSessions"], path: "Tests/Fuzz/Properties", swiftSettings: settings),
    .testTarget(
      name: "FuzzTests", dependencies: ["FuzzProperties", "GPUSessions", "NodeHost"], path: "Tests/Fuzz/Tests",
      swiftSettings: settings),
    .testTarget(
      name: "CommandTests", dependencies: ["gpu-sessions", "GPUSessions", "NodeHost"],
      swiftSettings: settings),
  ]
)

// libFuzzer's executable breaks the ordinary build: there is one with FUZZ=1 only, and nothing else then. What is fed
// counts for libFuzzer where it went, and everything checks its assertions as in a debug build.
if Context.environment["FUZZ"] == "1" {
  let asserting = settings + [.unsafeFlags(["-assert-config", "Debug"])]
  package.products = []
  package.targets = [
    .target(name: "GPUSessions", swiftSettings: asserting + [.unsafeFlags(["-sanitize=fuzzer"])]),
    .target(
      name: "FuzzProperties", dependencies: ["GPUSessions"], path: "Tests/Fuzz/Properties", swiftSettings: asserting
    ),
    .executableTarget(
      name: "fuzz", dependencies: ["FuzzProperties"], path: "Tests/Fuzz/Driver", swiftSettings: asserting,
      linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])]),
  ]
}
