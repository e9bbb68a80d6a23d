internal import Kernel
internal import Synchronization
public import SystemPackage

/// A mount that a stage has attached in the container's root and still holds.
public struct HeldMount: Sendable {
  /// Where it is in the container.
  public let path: FilePath
  /// The mount.
  public let mount: Handle
}

extension Container {
  /// Whether what is attached at a path may be written: a line of rules for files leaves it, or there is none.
  public func mayWrite(at path: FilePath) -> Bool {
    guard let writablePlaces else { return true }
    for place in writablePlaces where path.lies(in: place) { return true }
    return false
  }

  /// Says that a line has put something at a path for the command to write to.
  public mutating func give(_ path: FilePath) { givenPlaces.append(path) }

  /// Says that a stage holds a mount of its own, into which those below may put something.
  public mutating func hold(_ mount: Handle, at path: FilePath) {
    heldMounts.append(HeldMount(path: path, mount: mount))
  }
}

/// A mount that a line attaches, by the kernel's number for it. The child fills it.
public final class MountNote: Sendable {
  let line: String
  private let filled: Atomic<UInt64>

  init(line: String, number: UInt64 = 0) {
    self.line = line
    filled = Atomic(number)
  }

  func fill(_ number: UInt64) { filled.store(number, ordering: .relaxed) }
  /// The number; 0 before it is attached.
  var number: UInt64 { filled.load(ordering: .relaxed) }
}

/// The mounts that lines attach. It is made, and looked at, while planning: the child has a thread of its own, to which a lock
/// of the parent's is a stranger's.
public final class MountLedger: Sendable {
  private let notes = Mutex<[MountNote]>([])

  init() {}

  func add(_ note: MountNote) { notes.withLock { $0.append(note) } }

  /// All that was noted.
  var all: [MountNote] { notes.withLock { $0 } }
}

extension Step {
  /// Remembers which line has attached a mount, for `FactReader`: statx(2).
  public static func note(_ mount: Handle, in container: Container) -> Step {
    let note = MountNote(line: container.line?.description ?? "a line")
    container.ledger.add(note)
    return Step("statx(\(mount), \"\", AT_STATX_SYNC_AS_STAT|AT_EMPTY_PATH, STATX_MNT_ID, <status>)") {
      () throws(Errno) in note.fill(try Syscall.mountNumber(of: mount.descriptor))
    }
  }
}
