internal import Pipeline

/// A new file system, as a mount that is attached nowhere.
enum Filesystem {
  static let unprivileged = Advice(
    .notPermitted, why: "only root of the mount namespace's owner may mount a file system",
    fix: "write 'userns' with map=auto above {stage}, or run as root", without: "userns")

  /// The refusals, for the manual.
  static let diagnostics = [unprivileged]

  /// - Parameters:
  ///   - parameters: as mount's -o takes them.
  ///   - stage: the stage's name, for advice.
  ///   - isRepeatable: whether there may be many, so that none may keep a descriptor until the command starts.
  static func make(
    _ type: String, _ parameters: [(String, String)], _ attributes: MountAttributes, into mount: Handle,
    for stage: String, isRepeatable: Bool = false
  ) -> [Step] {
    let context = Handle(type + "-context")
    func explained(_ step: Step) -> Step { step.advice(unprivileged, filled: ["stage": stage]) }
    return [explained(.openFilesystem(type, into: context))]
      + parameters.map { .configure(context, $0.0, $0.1) }
      + [explained(.create(context)), explained(.mount(context, attributes, into: mount))]
      + (isRepeatable ? [.close(context)] : [])
  }

  /// A tmpfs. Its size is what of it can be in use at a time; without one, half of the machine's memory. Files without contents
  /// take memory of the kernel's, so their number has a limit too: one for each half page of the size.
  static func tmpfs(
    size: MemorySize?, mode: String, _ attributes: MountAttributes, into mount: Handle, for stage: String,
    isRepeatable: Bool = false
  ) -> [Step] {
    let limit =
      size.map { [("size", String($0.bytes)), ("nr_inodes", String(max(1024, $0.bytes >> 11)))] } ?? []
    return make(
      "tmpfs", [("mode", mode)] + limit, attributes, into: mount, for: stage, isRepeatable: isRepeatable)
  }
}
