internal import Pipeline

extension Landlock {
  /// A path as it is opened below the root.
  func below(_ path: FilePath) -> FilePath { path == "/" ? "." : path.withoutSlash }

  /// What lines have put there to be written, and no write= holds.
  func given(_ container: Container) -> [(path: InnerPath, rights: FileRights, key: String)] {
    if !hasFiles { return [] }
    return container.givenPlaces.filter { !container.mayWrite(at: $0) }.map { (InnerPath(path: $0), .write, "to") }
  }

  /// Makes read-only what no write= holds of the root, and of mounts in it that stages have made. Rules alone keep nobody
  /// from changing mode, owner and times, nor before Landlock 3 from emptying files.
  func protection(_ root: Handle, _ container: Container) -> [Step] {
    guard container.namespaces.contains(.mount), !container.mayWrite(at: "/") else { return [] }
    var steps: [Step] = []
    for place in write where isPart(place.path, container) { steps += separated(place.path, root) }
    for held in container.heldMounts where !container.mayWrite(at: held.path) {
      steps.append(readOnly(held.mount))
    }
    // An image without a layer was attached so, and 'overlay' itself sees to one that is to be read-only.
    if container.rootIsReadOnly { return steps }
    return container.rootMayChange || container.rootIsCovered ? steps + [readOnly(root)] : steps
  }

  private func readOnly(_ mount: Handle) -> Step {
    .setAttributes(.readOnly, of: mount, recursively: false).remark("no write= holds it")
  }

  /// Whether a place is a part of the root's own mount, and no mount itself.
  private func isPart(_ path: FilePath, _ container: Container) -> Bool {
    if container.rootIsReadOnly || container.hostPlace(of: path) != nil || container.isOwnPlace(path) { return false }
    for tree in ["/proc", "/sys"] as [FilePath] where path.lies(in: tree) { return false }
    return !container.devices.contains { FilePath($0) == path }
  }

  /// Gives a place of the root's a mount of its own, which stays writable.
  private func separated(_ path: FilePath, _ root: Handle) -> [Step] {
    let (place, mount) = (Handle("place"), Handle("writable"))
    let opening = Step.openPath(below(path), below: root, into: place)
    let steps: [Step] = [
      opening, .cloneTree(place, into: mount),
      // One that the host has read-only stays so.
      .clearAttributes(.readOnly, of: mount).mayBeDenied(), .attach(mount, over: place), .close(place), .close(mount),
    ]
    return Step.advice(
      anyOf: [Self.missing, Self.linked, Self.noEntry], filled: ["path": path.text, "key": "write"], on: steps,
      lookIntoImage: true)
  }
}
