import Glibc

/// A home directory in a sandbox with a clone of littlectr in it: the program, the shipped files and an image beside it.
package struct Clone {
  package let sandbox: Sandbox
  /// The files that ship, by which a container is made.
  package static let files = ["agent.conf", "hardened.conf", "stages.conf"]
  package var home: String { sandbox.directory + "/home" }
  package var path: String { home + "/src/clone" }

  package init(_ sandbox: Sandbox) throws {
    self.sandbox = sandbox
    try sandbox.prepare(
      "mkdir -p home/src/clone/images home/src/clone/Sources; cp -a root home/src/clone/images/default; "
        + "mkdir home/src/clone/images/other; echo theirs >home/src/clone/images/other/file; touch home/mine")
    try sandbox.prepare("cp '\(sandbox.littlectr)' home/src/clone/littlectr")
    for file in Self.files {
      try sandbox.write(try Repository.text(file), to: "home/src/clone/\(file)")
    }
  }

  /// What of it a later run takes, or would take if it were there.
  package var targets: [String] {
    let beside = [
      "littlectr", "stages.conf", "agent.conf", "hardened.conf", "new", "new.conf", "hardened", "images", "images/new",
      "images/default", "images/default/bin/sh", "images/default/bin/busybox", "images/default/etc/passwd",
      "images/other", "images/other/file",
    ]
    let above = [
      ".config/littlectr", ".config/littlectr/stages.conf", ".config/littlectr/new.conf",
      ".local/share/littlectr/images/default", ".local/share/littlectr/images/default/bin/sh",
      ".cache/littlectr/filter-00", ".cache/littlectr/links", ".cache/littlectr",
    ]
    return beside.map { "\(path)/\($0)" } + above.map { "\(home)/\($0)" }
  }

  /// Where the bound directory is inside.
  package func inside(_ file: String, _ bound: String) -> String { file == "agent.conf" ? bound : "/work" }

  /// The words that run a command in a directory which can be written inside.
  package func words(_ file: String, _ options: [String] = [], _ command: [String]) -> [String] {
    let volume = file == "stages.conf" ? ["-v", ".:/work"] : []
    return [path + "/littlectr", "run", "--conf", "\(path)/\(file)"] + volume + options + ["--"] + command
  }

  /// Runs a command in a directory which can be written inside.
  package func run(_ file: String, in bound: String, _ options: [String] = [], _ command: [String]) throws -> Outcome {
    try sandbox.execute(words(file, options, command), environment: ["HOME": home], in: bound)
  }

  /// A script of the shell's that tries to change each of the files on standard input, and the directories above them.
  package static let changing = """
    exec 2>/dev/null
    echo theirs >.theirs
    while IFS= read -r f; do
      echo x >>"$f"; true >"$f"; [ -d "$f" ] || chmod 777 "$f"; rm -f "$f"; rmdir "$f"; mv "$f" "$f.gone"; mv .theirs "$f"; cp .theirs "$f"
      ln "$f" "$f.linked" && echo x >>"$f.linked"; ln "$f" .linked && echo x >>.linked
      ln -f .theirs "$f"; mkdir "$f"; ln -s /tmp "$f"; touch "$f"
      d=$f
      while d=$(dirname "$d"); [ "$d" != . ] && [ "$d" != / ]; do
        mv "$d" "$d.gone" && mkdir -p "$d"; rmdir "$d"; mv "$d" .moved; rm -rf "$d"
      done
    done
    exit 0
    """

  /// What is at a path of the host's: its kind, owner, mode and contents, or that there is nothing.
  package static func state(_ path: String) -> String {
    var status = stat()
    guard lstat(path, &status) == 0 else { return "nothing" }
    let kind = status.st_mode & S_IFMT
    let contents: String
    switch kind {
    case S_IFREG: contents = "\((try? FileTree.read(path)).map(FileTree.digest) ?? 0)"
    case S_IFLNK: contents = (try? FileTree.linkTarget(path)) ?? ""
    default: contents = ""
    }
    // Of a directory on the way the mode may change, but not which one it is.
    let mode = kind == S_IFDIR ? kind : status.st_mode
    return "\(status.st_dev):\(status.st_ino) \(String(mode, radix: 8)) \(status.st_uid) \(contents)"
  }
}
