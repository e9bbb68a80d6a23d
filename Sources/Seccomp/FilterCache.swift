package import Kernel
public import SystemPackage
internal import Text

/// What a compiled filter is kept under: everything that it depends on, as text. The texts are compared, so that the hash
/// in the file's name need not be a good one.
public struct FilterKey: Sendable, Equatable {
  /// The text.
  public private(set) var text: [UInt8]

  /// A key; what it is made of comes line by line.
  public init(_ lines: [String]) {
    text = []
    text.reserveCapacity(8192)
    for line in lines { add(line) }
  }

  /// Adds a line that the filter depends on.
  public mutating func add(_ line: String) {
    // Not by a generic sequence: that is fifty instructions a byte.
    text.append(contentsOf: line.utf8)
    text.append(0)
  }

  /// Adds a file's contents that the filter depends on.
  public mutating func add(_ contents: [UInt8]) {
    text.append(contentsOf: contents)
    text.append(0)
  }

  /// The name of the file: one of 64, so that all that is kept takes a few MiB at most.
  package var fileName: String {
    // By Fibonacci's constant: in the upper bits all of a number counts.
    let slot = (FilterCache.hash(text[...]) &* 0x9e37_79b9_7f4a_7c15) >> 58
    return "filter-" + (slot < 16 ? "0" : "") + String(slot, radix: 16)
  }
}

/// What the cache holds for a key.
public enum KeptFilter: Sendable, Equatable {
  /// The filter.
  case found(CompiledFilter)
  /// Nothing that can be used; the filter may be kept in that directory.
  case missing(directory: FilePath)
  /// One that is whole, but says something else than is asked for; the right one may be kept in that directory.
  case wrong(directory: FilePath)
  /// Nothing, and it can't be kept: why not.
  case none(String)
}

/// Compiled filters in the user's cache directory, $XDG_CACHE_HOME/littlectr or ~/.cache/littlectr.
///
/// A filter decides what a hostile program may do. So a file counts only if it, and its directory, belong to the user, and
/// nobody else can write them; it is never followed if it is a link; it must be whole, for exactly this key; and it must be
/// proved to say what is asked for. Whoever runs as the user writes the file as littlectr does.
public struct FilterCache: Sendable {
  /// The user whose cache it is.
  let userID: UInt32
  /// The directories that caches may be in, in this order: the second only if the first is somebody else's.
  package let bases: @Sendable () -> [FilePath]
  /// Whether a directory that isn't there may be made.
  package let mayMake: @Sendable (FilePath) -> Bool

  /// The cache of a user, below one of those directories.
  public init(
    of userID: UInt32, in bases: @escaping @Sendable () -> [FilePath],
    mayMake: @escaping @Sendable (FilePath) -> Bool
  ) {
    (self.userID, self.bases, self.mayMake) = (userID, bases, mayMake)
  }

  /// What is kept for a key.
  ///
  /// - Parameter isRight: whether a filter says what is asked for.
  public func look(_ key: FilterKey, isRight: (CompiledFilter) -> Bool) -> KeptFilter {
    var reason = "HOME isn't set"
    for base in bases() {
      let directory = base.appending("littlectr")
      do throws(Errno) {
        let opened = try Self.open(directory)
        defer { try? Syscall.close(opened) }
        if try !isOwn(Syscall.status(of: opened)) {
          reason = "\(directory.text) belongs to another user, or others can write it"
          continue
        }
        guard let filter = read(key, below: opened) else { return .missing(directory: directory) }
        return isRight(filter) ? .found(filter) : .wrong(directory: directory)
      } catch {
        guard error == .noSuchFileOrDirectory else {
          reason = "\(directory.text): \(error.name)"
          continue
        }
      }
      if mayMake(directory) { return .missing(directory: directory) }
      reason = "\(base.text) isn't yours"
    }
    return .none(reason)
  }

  /// Opens a directory of caches, which isn't followed if it is a link: open(2), O_NOFOLLOW.
  package static func open(_ directory: FilePath) throws(Errno) -> FileDescriptor {
    try Syscall.open(directory, [.read, .directory, .noFollow])
  }

  /// Whether a file belongs to the user, and nobody else can write it.
  package func isOwn(_ status: FileStatus) -> Bool { status.userID == userID && status.mode & 0o022 == 0 }

  private func read(_ key: FilterKey, below directory: FileDescriptor) -> CompiledFilter? {
    guard let file = try? Syscall.open(FilePath(key.fileName), [.read, .noFollow, .nonBlocking], from: directory) else {
      return nil
    }
    defer { try? Syscall.close(file) }
    guard let status = try? Syscall.status(of: file), status.isRegular, isOwn(status),
      let bytes = try? Syscall.readWhole(file, size: Int(min(status.size, UInt64(KeptFile.largest) + 1)))
    else { return nil }
    return KeptFile.filter(bytes, for: key)
  }

  /// A number for bytes: FNV-1a, but eight at a time.
  static func hash(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for word in words(of: bytes) {
      hash = (hash ^ word) &* 0x0000_0100_0000_01b3
      // What is multiplied moves up only: the upper half comes down again.
      hash ^= hash >> 32
    }
    return hash ^ hash >> 29
  }
}
