internal import Kernel
internal import SystemPackage

extension Host {
  /// The machine that littlectr runs on.
  public static var current: Host {
    var host = Host(
      userID: Credentials.effectiveUserID, groupID: Credentials.effectiveGroupID,
      read: { path throws(Errno) in
        let file = try Syscall.open(path, [.read, .nonBlocking])
        defer { try? Syscall.close(file) }
        return try Syscall.read(file, limit: largestFile)
      },
      readBelow: { path, roots throws(Errno) in
        // It is looked at before it is opened: to open a device of a hostile image may do something.
        let found = try find(path, below: roots)
        defer { try? Syscall.close(found) }
        guard try Syscall.status(of: found).isRegular else { throw .invalidArgument }
        let file = try Syscall.open(FilePath("/proc/self/fd/\(found.rawValue)"), .read)
        defer { try? Syscall.close(file) }
        let contents = try Syscall.read(file, limit: largestFile + 1)
        if contents.count > largestFile { throw .fileTooLarge }
        return contents
      },
      look: { path in (try? Syscall.status(of: path)).map { Found($0) } },
      follow: { (try? Syscall.readLink($0)).map { FilePath(bytes: $0) } },
      executable: { (try? Syscall.mayExecute($0)) != nil },
      environment: { ProcessContext.variable($0) },
      hasTerminal: ProcessContext.isTerminal(.standardInput), release: ProcessContext.system.release,
      openDescriptors: { (try? Syscall.descriptorFlags(FileDescriptor(rawValue: $0))) != nil },
      terminals: { ProcessContext.isTerminal(FileDescriptor(rawValue: $0)) }, parent: { Syscall.parentID },
      variableNames: { ProcessContext.variableNames }, controllingTerminal: { ProcessContext.hasControllingTerminal },
      capabilities: { CapabilitySet(rawValue: Syscall.ownCapabilities) }, lastCapability: { Syscall.lastCapability },
      landlockVersion: { Syscall.landlockVersion }, openFile: { OpenFile(FileDescriptor(rawValue: $0)) },
      lookHere: { path throws(Errno) in
        let found = Found(try Syscall.statusHere(of: path))
        return Here(found, target: found.isLink ? try Syscall.readLink(path) : [])
      },
      workingDirectory: { ProcessContext.workingDirectory }, program: { Syscall.ownProgram },
      hasList: { (try? Syscall.hasAccessList($0)) ?? true })
    host.list = { path in
      guard let opened = try? Syscall.open(path, [.read, .directory]) else { return [] }
      defer { try? Syscall.close(opened) }
      return (try? Syscall.names(in: opened)) ?? []
    }
    host.links = { LinkCache($1).targets(of: $0) }
    host.isFiltered = (try? Syscall.filterMode()) != 0
    host.obstacle = { PrivilegeObstacle.find($0) }
    return host
  }
}
