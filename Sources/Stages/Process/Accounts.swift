internal import Pipeline

/// The container's own /etc/passwd and /etc/group: passwd(5), group(5).
///
/// The files are the image's, so anything may be in them. A line that isn't well-formed is passed over, and of two with
/// one name the first counts, as in the C library.
struct Accounts {
  /// A line of /etc/passwd.
  struct Entry {
    let name: [UInt8]
    let id: UInt32
    let group: UInt32
    /// Nil unless it is an absolute path.
    let home: [UInt8]?
  }

  private let users: [UInt8]
  private let groups: [UInt8]

  /// Files that have been read already.
  init(users: [UInt8], groups: [UInt8]) { (self.users, self.groups) = (users, groups) }

  /// Reads both files; one that isn't there is empty.
  init(_ container: Container) throws(Failure) {
    func read(_ path: FilePath) throws(Failure) -> [UInt8] {
      do throws(Errno) { return try container.contents(of: path) } catch {
        if error == .noSuchFileOrDirectory || error == .notDirectory { return [] }
        throw Failure(
          "\(path) can't be read", User.unreadable.filled(["path": path.text, "cause": Self.cause(error)]))
      }
    }
    (users, groups) = (try read("/etc/passwd"), try read("/etc/group"))
  }

  private static func cause(_ errno: Errno) -> String {
    switch errno {
    case .invalidArgument: "isn't a regular file"
    case .fileTooLarge: "is larger than 16 MiB"
    case .tooManySymbolicLinkLevels: "is a symbolic link that leads nowhere"
    case .permissionDenied: "may not be read by you"
    default: "can't be read (\(errno.rawValue))"
    }
  }

  /// A decimal number without sign and leading zeros; nil for anything else, and for the number that means "none".
  static func id(_ text: some Collection<UInt8>) -> UInt32? {
    guard let first = text.first, text.count <= 10, first != 0x30 || text.count == 1 else { return nil }
    var value: UInt64 = 0
    for byte in text {
      guard (0x30...0x39).contains(byte) else { return nil }
      value = value * 10 + UInt64(byte - 0x30)
    }
    return value < UInt64(UInt32.max) ? UInt32(value) : nil
  }

  /// The first line of a user.
  func user(_ who: UserReference) -> Entry? {
    var found: Entry?
    Self.lines(users) { line in
      if case .name(let name) = who, !line.starts(with: name.utf8) { return true }
      let fields = line.split(separator: Self.colon, maxSplits: 6, omittingEmptySubsequences: false)
      guard fields.count >= 6, !fields[0].isEmpty, let id = Self.id(fields[2]), let group = Self.id(fields[3]),
        who.is(fields[0], id)
      else { return true }
      let home = fields[5].first == UInt8(ascii: "/") ? Array(fields[5]) : nil
      found = Entry(name: Array(fields[0]), id: id, group: group, home: home)
      return false
    }
    return found
  }

  /// The id of a group, by its name.
  func group(_ name: String) -> UInt32? {
    var found: UInt32?
    Self.lines(groups) { line in
      guard line.starts(with: name.utf8), let group = Self.group(line), group.name.elementsEqual(name.utf8) else {
        return true
      }
      found = group.id
      return false
    }
    return found
  }

  /// The groups that have a user among their members.
  func groups(of user: Entry) -> [UInt32] {
    var found: [UInt32] = []
    Self.lines(groups) { line in
      if let group = Self.group(line),
        group.members.split(separator: UInt8(ascii: ",")).contains(where: { $0.elementsEqual(user.name) })
      {
        found.append(group.id)
      }
      return true
    }
    return found
  }

  static let colon = UInt8(ascii: ":")

  private static func group(_ line: ArraySlice<UInt8>) -> (
    name: ArraySlice<UInt8>, id: UInt32, members: ArraySlice<UInt8>
  )? {
    let fields = line.split(separator: colon, maxSplits: 3, omittingEmptySubsequences: false)
    guard fields.count >= 3, !fields[0].isEmpty, let id = id(fields[2]) else { return nil }
    return (fields[0], id, fields.count == 4 ? fields[3] : [])
  }

  /// Goes through the third fields, which are the ids, with the names before them, until a body returns false.
  static func ids(_ bytes: [UInt8], _ body: (ArraySlice<UInt8>, UInt32) -> Bool) {
    var (start, colons) = (0, [0, 0, 0])
    var count = 0
    for index in 0...bytes.count {
      let byte = index < bytes.count ? bytes[index] : 0x0a
      if byte == colon, count < 3 {
        colons[count] = index
        count += 1
      } else if byte == 0x0a {
        if count == 3, let id = id(bytes[(colons[1] + 1)..<colons[2]]), !body(bytes[start..<colons[0]], id) { return }
        (start, count) = (index + 1, 0)
      }
    }
  }

  /// Goes through the lines until a body returns false. Lines with a NUL are passed over.
  static func lines(_ bytes: [UInt8], _ body: (ArraySlice<UInt8>) -> Bool) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let end = rest.firstIndex(of: 0x0a) ?? rest.endIndex
      let line = rest[..<end]
      rest = rest[end...].dropFirst()
      if !line.isEmpty, !line.contains(0), !body(line) { return }
    }
  }
}
