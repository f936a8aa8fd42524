// swift-tools-version: 6.3
import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

// One executable without any library beside it: the linker drops sections that nothing refers to, and folds equal
// functions. Nothing compares addresses of functions.
let staticLink = ["-static-executable", "-use-ld=lld", "-Xlinker", "--gc-sections", "-Xlinker", "--icf=all"]

let package = Package(
  name: "gpu-sessions",
  products: [.executable(name: "gpu-sessions", targets: ["gpu-sessions"])],
  targets: [
    // The pure part of the program: it imports nothing, and `make lint` checks that.
    .target(name: "GPUSessions", swiftSettings: settings + [.strictMemorySafety()]),
    // malloc_trim(3), which Swift's Glibc module does not have.
    .systemLibrary(name: "CMalloc"),
    // The effects: files, child processes, signals and clocks.
    .target(
      name: "NodeHost", dependencies: ["CMalloc", "GPUSessions"],
      swiftSettings: settings + [.unsafeFlags(["-Xcc", "-D_GNU_SOURCE"])]),
    .executableTarget(
      name: "gpu-sessions", dependencies: ["GPUSessions", "NodeHost"],
      swiftSettings: settings,
      linkerSettings: [.unsafeFlags(staticLink, .when(configuration: .release))]),
    .testTarget(
      name: "GPUSessionsTests", dependencies: ["GPUSessions", "NodeHost"],
      swiftSettings: settings),
    .testTarget(
      name: "NodeHostTests", dependencies: ["GPUSessions", "NodeHost"],
      swiftSettings: settings + [.unsafeFlags(["-Xcc", "-D_GNU_SOURCE"])]),
    // Properties that hold for any input. The tests and the executable for libFuzzer share them.
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

// With WITHOUT_TESTS=1 there is nothing of Tests in the package: an image is built without that directory.
if Context.environment["WITHOUT_TESTS"] == "1" {
  package.targets.removeAll { $0.type == .test || $0.path?.hasPrefix("Tests/") == true }
}

// With FUZZ=1 the package is only the executable for libFuzzer, which needs instrumented code and has its own `main`.
// Assertions are checked as in a debug build.
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
