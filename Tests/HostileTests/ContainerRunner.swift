import Glibc

/// What is attacked: littlectr's default container, or bubblewrap as a careful user calls it.
enum ContainerRunner: String {
  case littlectr, bwrap

  /// Which one is asked for: $LITTLECTR_HOSTILE_RUNNER.
  static let current: ContainerRunner = {
    let name = getenv("LITTLECTR_HOSTILE_RUNNER").map { String(cString: $0) } ?? ""
    guard let runner = name.isEmpty ? .littlectr : ContainerRunner(rawValue: name) else {
      fatalError("LITTLECTR_HOSTILE_RUNNER is littlectr or bwrap, not \(name)")
    }
    return runner
  }()

  /// Options of littlectr's for every container, by which a defence is taken out: $LITTLECTR_HOSTILE_OPTIONS.
  static let without: [String] =
    getenv("LITTLECTR_HOSTILE_OPTIONS").map { String(cString: $0).split(separator: " ").map(String.init) } ?? []

  /// The words that run a command in a container of the sandbox's root.
  func words(
    _ sandbox: Sandbox, program: String?, _ options: [String], _ bubblewrap: [String], _ command: [String]
  ) throws -> [String] {
    switch self {
    case .littlectr:
      return [program ?? sandbox.littlectr, "run"] + options + Self.without + ["--"] + command
    case .bwrap:
      let careful = [
        "--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent", "--new-session", "--cap-drop",
        "ALL",
        "--clearenv", "--setenv", "PATH", "/bin", "--hostname", "bwrap", "--bind", sandbox.root, "/",
        "--proc", "/proc", "--dev", "/dev", "--ro-bind", "/sys", "/sys", "--tmpfs", "/tmp",
      ]
      return [try program ?? Programs.path("bwrap")] + careful + bubblewrap + ["--"] + command
    }
  }

  /// Whether it has refused to run anything, in words of its own.
  func hasRefused(_ outcome: Outcome) -> Bool {
    switch self {
    case .littlectr: outcome.status == 125 && outcome.error.contains("littlectr: ") && outcome.error.contains("  why  ")
    case .bwrap: outcome.status == 1 && outcome.error.hasPrefix("bwrap: ")
    }
  }

  /// The program itself, to be copied.
  func program(_ sandbox: Sandbox) throws -> String {
    self == .littlectr ? sandbox.littlectr : try Programs.path("bwrap")
  }
}
