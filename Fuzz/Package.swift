// swift-tools-version: 6.2
import PackageDescription

// A package of its own: all that it is made of is built for libFuzzer, with scripts/fuzz. What the targets promise is
// tested without libFuzzer too, by the main package's FuzzTests.
let package = Package(
  name: "Fuzz",
  dependencies: [.package(name: "littlectr", path: "..")],
  targets: [
    .executableTarget(
      name: "fuzz",
      dependencies: [
        .product(name: "Command", package: "littlectr"), .product(name: "Pipeline", package: "littlectr"),
        .product(name: "PipelineTesting", package: "littlectr"), .product(name: "Stages", package: "littlectr"),
      ],
      path: "Sources", exclude: ["Tests"],
      swiftSettings: [.enableUpcomingFeature("ExistentialAny"), .treatAllWarnings(as: .error)])
  ]
)
