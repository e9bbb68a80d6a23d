// swift-tools-version: 6.2
import PackageDescription

/// What every Swift target is compiled with: no unmarked unsafe code, explicit imports, and no warning left alone.
let strict: [SwiftSetting] = [
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

/// Tests may import without a thought, and take what they need to look at things from outside.
let tests: [SwiftSetting] = [.enableUpcomingFeature("ExistentialAny"), .treatAllWarnings(as: .error)]

let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")

let package = Package(
  name: "littlectr",
  products: [
    .executable(name: "littlectr", targets: ["littlectr"]),
    .library(name: "Pipeline", targets: ["Pipeline"]),
    .library(name: "Stages", targets: ["Stages"]),
    .library(name: "Command", targets: ["Command"]),
    // Machines that exist only in a test, to plan for: Fuzz has them too, and the tests of another package's stages may.
    .library(name: "PipelineTesting", targets: ["PipelineTesting"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-system", from: "1.6.0")
  ],
  targets: [
    .target(
      name: "CKernel", cSettings: [.enableWarning("all"), .enableWarning("extra"), .treatAllWarnings(as: .error)],
      // The archive by its name: so that a dynamic build, too, has the version whose header it was compiled with.
      linkerSettings: [.linkedLibrary(":libseccomp.a")]),
    .target(name: "Kernel", dependencies: ["CKernel", system], swiftSettings: strict),
    .target(name: "Text", dependencies: ["Kernel", system], swiftSettings: strict),
    .target(name: "JSON", dependencies: ["Text"], swiftSettings: strict),
    .target(name: "Seccomp", dependencies: ["Kernel", "Text", system], swiftSettings: strict),
    .target(name: "Pipeline", dependencies: ["JSON", "Kernel", "Seccomp", "Text", system], swiftSettings: strict),
    .target(name: "Stages", dependencies: ["Pipeline"], swiftSettings: strict),
    .target(
      name: "Command", dependencies: ["Kernel", "Pipeline", system],
      resources: [.embedInCode("stages.conf")], swiftSettings: strict),
    .executableTarget(name: "littlectr", dependencies: ["Command", "Stages"], swiftSettings: strict),
    .target(
      name: "PipelineTesting", dependencies: ["Pipeline", system], path: "Tests/PipelineTesting", swiftSettings: tests),
    .testTarget(
      name: "PipelineTests", dependencies: ["Kernel", "Pipeline", "PipelineTesting", "Seccomp", system],
      swiftSettings: tests),
    .testTarget(
      name: "StagesTests",
      dependencies: ["Command", "Pipeline", "PipelineTesting", "Seccomp", "Stages", "TestSupport", system],
      resources: [.copy("Golden"), .copy("Profiles")], swiftSettings: tests),
    .testTarget(
      name: "FuzzTests",
      dependencies: ["Command", "JSON", "Pipeline", "PipelineTesting", "Seccomp", "Stages", "TestSupport"],
      path: "Fuzz/Sources", exclude: ["Driver"], swiftSettings: tests),
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: tests),
    .testTarget(
      name: "HostileTests", dependencies: ["littlectr", "TestSupport"], exclude: ["Programs"], swiftSettings: tests),
    .testTarget(name: "EndToEndTests", dependencies: ["littlectr", "TestSupport"], swiftSettings: tests),
  ]
)
