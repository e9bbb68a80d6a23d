internal import Pipeline

/// Files that littlectr makes in a container, with their contents.
///
/// Where the root may change they are written into it, so that programs may replace them as usual. In an image, which is
/// never changed, and in what is the host's, each lies in a file system of its own and covers the file that is there.
struct SmallFiles {
  typealias File = (path: FilePath, contents: [UInt8], mode: FileMode)

  var files: [File] = []

  /// - Parameter stage: the stage's name, for advice.
  func make(in container: Container, for stage: String) throws(Failure) -> [Step] {
    if files.isEmpty { return [] }
    guard container.rootMayChange, let root = container.root else { return try cover(files, container, stage) }
    var (steps, place, directory): ([Step], FilePath, Handle?) = ([], "/", nil)
    for file in files {
      if container.hostPlace(of: file.path) != nil {
        steps += try cover([file], container, stage)
        continue
      }
      // Files of one directory need it open once.
      if file.path.parent != place {
        if let directory { steps.append(.close(directory)) }
        (place, directory) = (file.path.parent, nil)
        if place != "/" {
          let handle = Handle("directory")
          steps += MountPoint(place, .system).open(below: root, into: handle, container, isWritten: true)
          directory = handle
        }
      }
      steps += write(file, below: directory ?? root, container)
    }
    if let directory { steps.append(.close(directory)) }
    return steps
  }

  /// Covers what is there.
  private func cover(_ files: [File], _ container: Container, _ stage: String) throws(Failure) -> [Step] {
    let scratch = Handle("scratch")
    var steps = Filesystem.make(
      "tmpfs", [("mode", "0755"), ("size", Self.size(of: files))], [.noSetUserID, .noDevices], into: scratch,
      for: stage, isRepeatable: true)
    // A file is cloned only from what is attached somewhere: here nothing finds it.
    steps.append(.attach(scratch, over: "/"))
    let mounts = files.map { _ in Handle("cover") }
    for (number, (file, mount)) in zip(files, mounts).enumerated() {
      let name = FilePath(String(number))
      steps += Self.write(name, file.contents, file.mode, below: scratch)
      steps.append(.cloneTree(name, below: scratch, into: mount))
      if !container.mayWrite(at: file.path) { steps.append(.setAttributes(.readOnly, of: mount, recursively: false)) }
    }
    steps += [.detach("/").remark("each file holds it"), .close(scratch)]
    for (file, mount) in zip(files, mounts) {
      steps += try Place(file.path, .cover, in: container).attach(mount)
    }
    return steps
  }

  /// Writes a file into a directory of the root, in place of what is there, link or not.
  private func write(_ file: File, below directory: Handle, _ container: Container) -> [Step] {
    let name = file.path.names.last ?? ""
    let values = MountPoint(file.path, .cover).values(container)
    let steps =
      [.removeFile(name, below: directory).mayLack().advice(MountPoint.occupied, filled: values())]
      + Self.write(name, file.contents, file.mode, below: directory)
    return steps.map { UnmappedOwner.explained($0, in: file.path.parent) }
  }

  /// Their size with room to spare, for what programs write to them, in mebibytes.
  private static func size(of files: [File]) -> String { "\(4 + files.reduce(0) { $0 + $1.contents.count } >> 19)m" }

  private static func write(
    _ name: FilePath, _ contents: [UInt8], _ mode: FileMode, below directory: Handle
  ) -> [Step] {
    let writing = Step.writeFile(name, below: directory, contents, mode: mode.bits)
    // The mask takes from a new file what others could write.
    return mode.bits & 0o022 == 0 ? [writing] : [writing, .setMode(name, below: directory, mode.bits)]
  }
}
