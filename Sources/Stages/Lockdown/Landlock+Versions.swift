internal import Pipeline

extension Landlock {
  /// Which version of Landlock brought what, and whether the line uses it.
  private func needs(_ container: Container) -> [(keys: String, version: Int, kernel: String, isUsed: Bool)] {
    let isProtected = container.root != nil && container.namespaces.contains(.mount)
    return [
      // Before that a file could be emptied whatever the rules: unless its mount can only be read.
      (write.isEmpty ? "execute=" : "write=", 3, "6.2", hasFiles && !isProtected),
      (bind.isEmpty ? "tcp-connect=" : "tcp-bind=", 4, "6.7", !bind.isEmpty || !connect.isEmpty),
      ("scope=", 6, "6.12", !scope.isEmpty),
    ]
  }

  /// Refuses what the kernel's version lacks, or with `try` goes without it, and says so.
  func checkVersion(_ container: inout Container) throws(Failure) {
    let (version, release) = (container.host.landlockVersion, container.host.release)
    for (keys, needed, kernel, isUsed) in needs(container) where isUsed && version < needed {
      let values: KeyValuePairs = [
        "keys": keys, "needed": String(needed), "kernel": kernel, "release": release, "version": String(version),
      ]
      let advice = Self.tooOld.filled(values)
      guard container.isTried else { throw Failure(keys, advice) }
      container.warnings.append(
        needed == 3
          ? "landlock: \(advice.why): also files that no write= holds can be emptied by truncate"
          : "landlock: went on without \(keys), which \(advice.why.dropFirst(keys.utf8.count + 1))")
    }
    guard hasFiles, version < 5 else { return }
    var lacks: [String] = []
    if version < 2 { lacks.append("nothing can be moved or linked from one directory to another") }
    if version < 3 { lacks.append("a file that is standard input can be emptied, though not be written") }
    lacks.append("devices that can only be read can be controlled by ioctl")
    container.notes.append(
      "landlock has version \(version) on this kernel (\(release)), so that " + lacks.joined(separator: "; "))
  }
}
