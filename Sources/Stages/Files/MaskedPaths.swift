internal import Pipeline

/// What is hidden in a file system of the kernel's, and what of it can only be read.
///
/// All is found below the descriptor of that file system's own mount, through no link, so that nothing of an image's can
/// lead it astray. What covers a file is littlectr's own empty one.
struct MaskedPaths {
  /// A file or directory of the kernel's.
  struct KernelFile {
    let name: String
    var isDirectory = false
    /// Whether only the machine's root may use it: a container that doesn't map user 0 needs no mask.
    var rootOnly = false
    /// The permissions that make it useful to other users all the same, so that it is masked for them too.
    var others: UInt32 = 0o006
    /// Whether it is one of the usual ones, and not of the user's choice.
    var isUsual = true
  }

  /// The path of the file system: `/proc`.
  let tree: String
  /// A file that the kernel always has there: where it can't be seen, nothing of the kernel's can.
  let witness: FilePath
  let usualMasks: [KernelFile]
  let usualReadOnly: [KernelFile]

  static let notBelow = Advice(
    why: "{key}= is about files of {tree}, and {path} isn't one", fix: "write {key}=default, or a path below {tree}")
  static let missing = Advice(
    .noSuchFileOrDirectory, why: "the container has no {path}", fix: "leave {key}={path} out")
  static let linked = Advice(
    .tooManySymbolicLinkLevels, why: "{path} is a link, or lies below one, which leads each process elsewhere",
    fix: "write {key}= with the path that it leads to, or leave it out")
  static let notShown = Advice(
    .canceled, why: "it was asked for, but the kernel shows {path} without", fix: "write {key}=none to go without")

  static let unseen = Advice(
    why: "your own {tree} doesn't show what the kernel has, so that it can't be told what default is",
    fix: "mount a whole one: mount -t {type} {type} {tree}; or write mask=none readonly=none")

  /// The refusals, for the manual.
  static let diagnostics = [notBelow, missing, linked, notShown, unseen]

  /// Has the stages below use the same empty files, where this one makes some.
  func share(_ empty: Handle, _ masks: [MaskedPathsOption], _ container: inout Container) {
    if container.emptyFiles == nil, container.host.hasKernel(6, 15), hasMasks(masks, container) {
      container.emptyFiles = empty
    }
  }

  /// Covers files of a mount that is attached already.
  ///
  /// - Parameter empty: for the empty files, unless a stage above has some.
  func steps(
    over mount: Handle, masks: [MaskedPathsOption], readOnly: [MaskedPathsOption], _ empty: Handle,
    _ container: Container
  ) throws(Failure) -> [Step] {
    var steps: [Step] = []
    for file in try files(readOnly, usualReadOnly, "readonly", container) {
      let (locked, target) = (Handle("locked"), file.isUsual ? nil : Handle("target"))
      let path = FilePath(file.name)
      let clone =
        target.map { Step.cloneTree($0, into: locked) }
        ?? .cloneTree(path, below: mount, into: locked, recursively: true)
      steps += explained(
        [clone, .setAttributes(.readOnly, of: locked)] + attach(locked, over: file, target, below: mount)
          + [.verify(path, below: mount, is: nil, .readOnly)], file, target, below: mount, "readonly")
    }
    let masked = try files(masks, usualMasks, "mask", container)
    if masked.isEmpty { return steps }
    let source = container.emptyFiles ?? empty
    let isOwn = source === empty
    // Older kernels clone only from what is attached somewhere: here nothing finds it.
    let isAttached = isOwn && !container.host.hasKernel(6, 15)
    if isOwn { steps += make(source) }
    if isAttached { steps.append(.attach(source, over: "/")) }
    for file in masked {
      let (mask, target) = (Handle("cover"), file.isUsual ? nil : Handle("target"))
      steps += explained(
        [.cloneTree(file.isDirectory ? "directory" : "file", below: source, into: mask)]
          + attach(mask, over: file, target, below: mount)
          + [.verify(FilePath(file.name), below: mount, is: .tmpfs, .readOnly)], file, target, below: mount, "mask")
    }
    if isAttached { steps.append(.detach("/").remark("each mask holds it")) }
    return steps
  }

  /// In the kernel's own file system the usual files lie below no link.
  private func attach(_ cover: Handle, over file: KernelFile, _ target: Handle?, below mount: Handle) -> [Step] {
    if let target { return [.attach(cover, over: target), .close(target), .close(cover)] }
    return [.attach(cover, over: FilePath(file.name), below: mount), .close(cover)]
  }

  private func explained(
    _ steps: [Step], _ file: KernelFile, _ target: Handle?, below mount: Handle, _ key: String
  ) -> [Step] {
    let (tree, name) = (tree, file.name)
    let opening = target.map { [Step.openPath(FilePath(name), below: mount, into: $0)] + steps }
    return Step.advice(
      anyOf: [Self.missing, Self.linked, Self.notShown],
      filled: ["path": "\(tree)/\(name)", "key": key, "tree": tree], on: opening ?? steps)
  }

  /// An empty directory and an empty file, which can't be written.
  private func make(_ empty: Handle) -> [Step] {
    Filesystem.make(
      "tmpfs", [("source", "littlectr"), ("mode", "0555"), ("size", "4k")], [.noSetUserID, .noDevices, .noExecute],
      into: empty, for: String(tree.dropFirst()))
      + [
        .makeDirectory("directory", below: empty, mode: 0o555), .makeFile("file", below: empty, mode: 0),
        .setAttributes(.readOnly, of: empty, recursively: false),
      ]
  }

  private func hasMasks(_ words: [MaskedPathsOption], _ container: Container) -> Bool {
    words.contains { word in
      switch word {
      case .path: true
      case .nothing: false
      case .default, .unset: usualMasks.contains { isThere($0, container) }
      }
    }
  }

  /// The files that words name.
  private func files(
    _ words: [MaskedPathsOption], _ usual: [KernelFile], _ key: String, _ container: Container
  ) throws(Failure) -> [KernelFile] {
    var files: [KernelFile] = []
    for word in words {
      switch word {
      case .nothing: break
      case .path(let path): files.append(try file(at: path, key, container.host))
      case .default, .unset:
        let before = files.count
        for file in usual where isThere(file, container) { files.append(file) }
        // Where there is one, one can see what the kernel has.
        if files.count > before || container.host.status(of: witness) != nil { continue }
        var failure = Failure(
          "\(key)=default", Self.unseen.filled(["tree": tree, "type": tree == "/proc" ? "proc" : "sysfs"]))
        failure.hostLacks = true
        throw failure
      }
    }
    return files
  }

  /// Whether the kernel has a file that the container could use.
  private func isThere(_ file: KernelFile, _ container: Container) -> Bool {
    let rootOnly = file.rootOnly && container.idMap?.hasUser(outside: 0) == false
    // Older kernels let everybody read some of these.
    guard let found = container.host.status(of: FilePath("\(tree)/\(file.name)")) else { return false }
    return !rootOnly || found.mode & file.others != 0
  }

  private func file(at path: String, _ key: String, _ host: Host) throws(Failure) -> KernelFile {
    let values: KeyValuePairs = ["key": key, "path": path, "tree": tree]
    guard path.begins(with: tree + "/") else { throw Failure("\(key)=\(path)", Self.notBelow.filled(values)) }
    if host.linkTarget(of: FilePath(path)) != nil { throw Failure("\(key)=\(path)", Self.linked.filled(values)) }
    guard let found = host.status(of: FilePath(path)) else {
      var failure = Failure("\(key)=\(path)", Self.missing.filled(values))
      failure.hostLacks = true
      throw failure
    }
    return KernelFile(name: path.dropping(tree.utf8.count + 1), isDirectory: found.isDirectory, isUsual: false)
  }
}
