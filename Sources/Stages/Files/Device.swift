internal import Pipeline

/// A device of the host's, or a directory of devices, that the container gets.
struct Device {
  private let name: String
  private let isDirectory: Bool
  private let mount: Handle

  /// - Parameter name: the path below /dev.
  init(_ name: String, _ host: Host) throws(Failure) {
    guard !name.fields("/").contains(where: { ["", ".", ".."].contains($0) }) else {
      throw Failure("devices=\(quoted(name))", Dev.badName)
    }
    guard let found = host.status(of: FilePath("/dev/" + name)) else {
      var failure = Failure("devices=\(quoted(name))", Dev.noDevice.filled(["device": name]))
      failure.hostLacks = true
      throw failure
    }
    (self.name, isDirectory) = (name, found.isDirectory)
    mount = Handle(name)
  }

  /// Takes hold of the host's device, as a mount that is attached nowhere.
  var hold: [Step] {
    [
      .cloneTree(FilePath("/dev/" + name), into: mount).advice(Filesystem.unprivileged, filled: ["stage": Dev.name]),
      // Read-only keeps real root inside from changing the mode of the host's device; it can be written all the same.
      .setAttributes([.readOnly, .noSetUserID, .noExecute], of: mount),
    ]
  }

  /// Attaches it at its place in the new /dev.
  func attach(below dev: Handle) -> [Step] {
    let path = FilePath(name)
    let names = path.names
    let parents = names.count < 2 ? [] : (1..<names.count).map { names[..<$0].reduce(FilePath()) { $0.pushing($1) } }
    return parents.map { .makeDirectory($0, below: dev).mayExist() }
      + [
        isDirectory ? .makeDirectory(path, below: dev) : .makeFile(path, below: dev),
        .attach(mount, over: path, below: dev),
      ]
  }
}
