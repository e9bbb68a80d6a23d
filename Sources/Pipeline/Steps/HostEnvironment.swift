internal import Kernel

/// The caller's environment for programs of the host's: where a list of places has relative ones, which in another
/// directory would lead to what somebody else has put there, they are left out.
enum HostEnvironment {
  /// Lists of places by which programs and libraries are found: environ(7), ld.so(8).
  private static let lists = ["PATH", "LD_LIBRARY_PATH", "LD_PRELOAD", "LD_AUDIT"]

  /// The caller's variables.
  static var inherited: [[UInt8]] { ProcessContext.environment.compactMap(harmless) }

  /// A variable, without relative places; nil if nothing is left of it, and for those that littlectr sets.
  static func harmless(_ variable: [UInt8]) -> [UInt8]? {
    if variable.starts(with: Array("LITTLECTR_CHILD=".utf8)) || variable.starts(with: Array("LITTLECTR_ROOT=".utf8)) {
      return nil
    }
    guard let name = lists.first(where: { variable.starts(with: Array(($0 + "=").utf8)) }) else { return variable }
    let isPreloaded = name == "LD_PRELOAD" || name == "LD_AUDIT"
    let slash = UInt8(ascii: "/")
    let places = variable.dropFirst(name.utf8.count + 1).split(omittingEmptySubsequences: true) {
      $0 == UInt8(ascii: ":") || name == "LD_PRELOAD" && $0 == UInt8(ascii: " ")
        || name == "LD_LIBRARY_PATH" && $0 == UInt8(ascii: ";")
    }
    // A library's bare name is looked for where the system keeps libraries.
    let kept = places.filter {
      $0.first == slash || $0.first == UInt8(ascii: "$") || isPreloaded && !$0.contains(slash)
    }
    if kept.isEmpty { return name == "PATH" ? Array("PATH=/usr/bin:/bin".utf8) : nil }
    return Array("\(name)=".utf8) + kept.joined(separator: [UInt8(ascii: ":")])
  }
}
