internal import Pipeline

/// Standard input, output and error as the caller gave them, without those that a pseudo-terminal replaces. A program opens
/// them once more by name, as /dev/stdout.
struct StandardStreams {
  private let streams: [(number: Int32, file: OpenFile)]

  init(_ container: Container) {
    let replaced = container.pseudoTerminal?.replaced ?? []
    var streams: [(Int32, OpenFile)] = []
    for number in Int32(0)..<3 where !replaced.contains(number) {
      if let file = container.host.openFile(number) { streams.append((number, file)) }
    }
    self.streams = streams
  }

  /// Rules that let a file be opened as it is open already. For pipes and sockets no rules are needed, and through a directory
  /// more would be in reach.
  func rules(_ known: FileRights, in rules: Handle) -> [Step] {
    streams.filter(\.file.isFile).map { number, file in
      var rights: FileRights = file.isDevice ? .control : []
      if file.isReadable { rights.formUnion(.readFile) }
      if file.isWritable { rights.formUnion(.writeFile) }
      return .allow(rights.intersection(known), toStream: number, in: rules).mayBeNameless()
    }
  }

  /// Gives pipes of the caller's to the command's user, who could open none of them else. Files stay as they are.
  func given(to user: UInt32, _ map: IDMap?) -> [Step] {
    streams.filter { _, file in
      guard file.isPipe else { return false }
      guard let map else { return file.found.userID != user }
      guard let own = map.users.first(where: { $0.inside <= user && user - $0.inside < $0.count }) else { return false }
      return map.hasUser(outside: file.found.userID) && own.outside + (user - own.inside) != file.found.userID
    }.map { .givePipe($0.number, to: user).mayBeDenied() }
  }
}
