internal import Synchronization
public import SystemPackage

/// A box for a descriptor that one step opens and later ones use. It is made with its stage, shared by all copies of
/// that, and printed by its name, so that a plan can be read before anything has been opened.
public final class Handle: Sendable, CustomStringConvertible {
  /// What it holds, in a word.
  public let name: String
  private let number = Atomic<Int32>(-1)

  /// An empty box.
  public init(_ name: String) { self.name = name }

  /// The descriptor; while the box is empty a number that every call refuses with EBADF.
  public var descriptor: FileDescriptor { FileDescriptor(rawValue: number.load(ordering: .relaxed)) }

  /// Puts a descriptor in.
  public func fill(_ descriptor: FileDescriptor) { number.store(descriptor.rawValue, ordering: .relaxed) }

  /// Takes the descriptor out, once it is closed.
  public func empty() { number.store(-1, ordering: .relaxed) }

  /// `<name>`.
  public var description: String { "<\(shown(name))>" }
}

/// A process that isn't there yet when the plan is made.
public final class ChildID: Sendable, CustomStringConvertible {
  private let name: String
  private let number = Atomic<Int32>(-1)

  /// A process that is yet to be started.
  public init(_ name: String = "child") { self.name = name }

  /// Its process id as the parent sees it; 0 in the child itself, and -1 before it exists.
  public var processID: Int32 { number.load(ordering: .relaxed) }

  func fill(_ processID: Int32) { number.store(processID, ordering: .relaxed) }

  /// `<child>`.
  public var description: String { "<\(shown(name))>" }
}
