extension Container {
  /// The calls by which a mount is taken off, moved, changed, copied without what covers it, or gone around.
  private static let mountCalls = [
    "mount", "umount", "umount2", "move_mount", "pivot_root", "mount_setattr", "open_tree", "open_tree_attr",
    "open_by_handle_at",
  ]
  /// CAP_SYS_ADMIN, without which no mount can be changed.
  private static let admin = 21
  /// CAP_DAC_READ_SEARCH, with which the machine's root opens any file by its number.
  private static let search = 2

  /// Whether what a step has mounted stays as it is, whatever runs inside.
  ///
  /// Who can make a user namespace below has all capabilities in it. There the mounts are locked; but a table of mounts of its
  /// own can be left, so that what is a mount in the container's is none any more for anyone who tries to rename it. That takes
  /// calls which Landlock refuses; those that change a mount, or copy it without what covers it, it lets through.
  var keepsMounts: Bool {
    if let capabilities, !capabilities.contains(number: Self.admin), !allowsUserNamespaces || mountsAreFixed,
      namespaces.contains(.user) || !capabilities.contains(number: Self.search)
    {
      return true
    }
    return filter.map { refusesMounts($0.code) } ?? false
  }

  private func refusesMounts(_ code: FilterCode) -> Bool {
    let source = FilterSource([], FilterArchitecture.run(by: host.filters.machine))
    if source.architectures.isEmpty { return false }
    for name in Self.mountCalls {
      for found in source.numbers(of: name) where code.answer(to: found.number, on: found.architecture).isLetThrough {
        return false
      }
    }
    return true
  }
}
