// swift-tools-version: 6.2
import PackageDescription

/// Settings every first-party Swift target shares.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// The libraries, lowest first.
///
/// A target imports only targets above it.
let libraries: [(name: String, dependencies: [Target.Dependency])] = [
  (
    "ProbeLinearAlgebra",
    [
      "COpenBLAS", "CLAPACKE", "CVectorMath",
      .product(name: "ComplexModule", package: "swift-numerics"),
    ]
  ),
  ("ProbeHDF5", ["CHDF5"]),
  ("ProbeCheckpoints", ["CDeflate", "CVectorMath", "ProbeLinearAlgebra"]),
  ("ProbeTokenizers", []),
  ("ProbeTasks", ["ProbeLinearAlgebra"]),
  ("ProbeModels", ["CVectorMath", "ProbeLinearAlgebra", "ProbeCheckpoints"]),
  (
    "ProbeCapture",
    [
      "CDeflate", "CVectorMath", "ProbeLinearAlgebra", "ProbeHDF5", "ProbeCheckpoints", "ProbeTasks",
      "ProbeModels",
    ]
  ),
  (
    "ProbeDynamics",
    [
      "CVectorMath", "ProbeLinearAlgebra", "ProbeModels",
      .product(name: "ComplexModule", package: "swift-numerics"),
    ]
  ),
  (
    "ProbeHeads",
    ["ProbeLinearAlgebra", "ProbeTasks", .product(name: "ComplexModule", package: "swift-numerics")]
  ),
  (
    "ProbeAutomata",
    [
      "ProbeLinearAlgebra", "ProbeTasks", "ProbeModels",
      .product(name: "ComplexModule", package: "swift-numerics"),
    ]
  ),
  ("ProbeOutside", ["ProbeLinearAlgebra", "ProbeModels", "ProbeAutomata"]),
  ("ProbeDegeneracy", ["ProbeLinearAlgebra", .product(name: "ComplexModule", package: "swift-numerics")]),
  ("ProbeFindings", []),
  ("ProbeReports", ["CPageAssets", "ProbeFindings", .product(name: "Mustache", package: "swift-mustache")]),
  (
    "ProbeAnalyses",
    [
      "ProbeLinearAlgebra", "ProbeCheckpoints", "ProbeTasks", "ProbeModels", "ProbeCapture", "ProbeDynamics",
      "ProbeHeads", "ProbeAutomata", "ProbeOutside", "ProbeDegeneracy", "ProbeTokenizers", "ProbeFindings",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
      .product(name: "ComplexModule", package: "swift-numerics"),
    ]
  ),
]

/// Test targets with data beside their sources; the tests find it by its path.
let fixtures = [
  "ProbeAnalyses": ["Fixtures"],
  "ProbeAutomata": ["Fixtures"],
  "ProbeCapture": ["Fixtures"],
  "ProbeCheckpoints": ["Fixtures"],
  "ProbeDegeneracy": ["Fixtures"],
  "ProbeHeads": ["Fixtures"],
  "ProbeModels": ["Fixtures"],
  "ProbeTasks": ["Fixtures"],
  "ProbeTokenizers": ["Fixtures"],
]

/// What tests need beside what their target needs.
let testDependencies: [String: [Target.Dependency]] = ["ProbeOutside": ["OutsideChild", "ProbeDynamics"]]

let package = Package(
  name: "rnnprobe",
  products: [.executable(name: "rnnprobe", targets: ["rnnprobe"])]
    + libraries.map { .library(name: $0.name, targets: [$0.name]) },
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-numerics", exact: "1.1.1"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
  ],
  targets: [
    // Native libraries. `pkgConfig` is what makes a bare `swift build` work on Debian 12.
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev", "pkg-config"])]),
    .systemLibrary(
      name: "CLAPACKE", pkgConfig: "lapacke", providers: [.apt(["liblapacke-dev", "pkg-config"])]),
    .systemLibrary(
      name: "CHDF5", pkgConfig: "hdf5-serial", providers: [.apt(["libhdf5-dev", "pkg-config"])]),
    .systemLibrary(
      name: "CDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev", "pkg-config"])]),

    // Our own C: vectorised functions, dispatched per CPU; and the page's JavaScript as bytes.
    .target(
      name: "CVectorMath", cSettings: [.unsafeFlags(["-O2"], .when(configuration: .debug))],
      linkerSettings: [.linkedLibrary("m")]),
    .target(name: "CPageAssets", cSettings: [.unsafeFlags(["-Wno-c23-extensions"])]),
  ]
    + libraries.map { .target(name: $0.name, dependencies: $0.dependencies, swiftSettings: strict) }
    + [
      .executableTarget(
        name: "rnnprobe",
        dependencies: [
          "ProbeLinearAlgebra", "ProbeHDF5", "ProbeCheckpoints", "ProbeTokenizers", "ProbeTasks",
          "ProbeModels", "ProbeCapture", "ProbeOutside", "ProbeFindings", "ProbeReports", "ProbeAnalyses",
          .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ],
        swiftSettings: strict),
      .executableTarget(
        name: "benchmark",
        dependencies: [
          "ProbeLinearAlgebra", "ProbeCheckpoints", "ProbeTokenizers", "ProbeModels", "ProbeDynamics",
          "ProbeAutomata", "ProbeDegeneracy",
          .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ],
        path: "Benchmarks/Sources", swiftSettings: strict),
    ]
    + [
      // A program that tests start as an outside model.
      .executableTarget(name: "OutsideChild", path: "Tests/OutsideChild", swiftSettings: strict)
    ]
    + libraries.map {
      .testTarget(
        name: $0.name + "Tests",
        dependencies: [.byName(name: $0.name)] + $0.dependencies + (testDependencies[$0.name] ?? []),
        exclude: fixtures[$0.name] ?? [], swiftSettings: strict)
    }
    + [
      .testTarget(
        name: "rnnprobeTests",
        dependencies: [
          "rnnprobe", "OutsideChild", "ProbeLinearAlgebra", "ProbeHDF5", "ProbeCapture", "ProbeModels",
          "ProbeTasks",
          "ProbeCheckpoints",
        ],
        swiftSettings: strict)
    ],
  swiftLanguageModes: [.v6]
)
