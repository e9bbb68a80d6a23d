// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "CustomStage",
  dependencies: [
    // Your own package names a release: .package(url: …, from: "0.1.0").
    .package(name: "littlectr", path: "../..")
  ],
  targets: [
    .executableTarget(
      name: "CustomStage",
      dependencies: [
        .product(name: "Command", package: "littlectr"), .product(name: "Pipeline", package: "littlectr"),
        .product(name: "Stages", package: "littlectr"),
      ])
  ]
)
