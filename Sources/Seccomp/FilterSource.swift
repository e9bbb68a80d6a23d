internal import Kernel

/// A comparison of one argument of a call, of which 64 bits count: seccomp_rule_add(3).
public struct FilterCondition: Sendable, Equatable {
  /// How it is compared: the numbers of `enum scmp_compare`.
  public enum Comparison: UInt32, Sendable {
    /// Another value.
    case notEqual = 1
    /// Less.
    case less
    /// Less, or the same.
    case atMost
    /// The same value.
    case equal
    /// More, or the same.
    case atLeast
    /// More.
    case more
    /// The bits of the mask are those of the second value.
    case masked
  }

  /// The argument, from 0 to 5.
  public let argument: Int
  /// How it is compared.
  public let comparison: Comparison
  /// With what; for `masked`, the mask.
  public let value: UInt64
  /// For `masked`, what is left of the argument.
  public let second: UInt64

  /// A comparison.
  public init(argument: Int, _ comparison: Comparison, _ value: UInt64, _ second: UInt64 = 0) {
    (self.argument, self.comparison, self.value, self.second) = (argument, comparison, value, second)
  }

  /// Whether the lower half of an argument, all of it that the kernel looks at where it takes an int, is a number.
  public static func int(_ argument: Int, is value: UInt32) -> FilterCondition {
    FilterCondition(argument: argument, .masked, 0xffff_ffff, UInt64(value))
  }
}

/// What is done with calls, if all conditions hold. Of several rules for a call, one that holds is enough.
public struct FilterRule: Sendable, Equatable {
  /// The calls, by the names of their manual pages.
  public var calls: [String]
  /// What is done.
  public var action: FilterAction
  /// What must hold.
  public var conditions: [FilterCondition]
  /// Whether it leaves out the architectures on which the call hides its arguments: i386, where all that has to do with
  /// sockets goes through socketcall(2).
  public var needsArguments: Bool

  /// A rule.
  public init(
    _ calls: [String], _ action: FilterAction, _ conditions: [FilterCondition] = [], needsArguments: Bool = false
  ) {
    (self.calls, self.action, self.conditions, self.needsArguments) = (calls, action, conditions, needsArguments)
  }
}

/// Rules, and what is done with calls that have none.
public struct FilterProgram: Sendable, Equatable {
  /// What is done with calls without a rule, or if no rule's conditions hold.
  public var otherwise: FilterAction
  /// The rules.
  public var rules: [FilterRule]

  /// A program.
  public init(otherwise: FilterAction, _ rules: [FilterRule] = []) { (self.otherwise, self.rules) = (otherwise, rules) }
}

/// What a filter is compiled from.
public struct FilterSource: Sendable, Equatable {
  /// The first decides, and may leave calls to later ones.
  public var programs: [FilterProgram]
  /// The architectures whose calls are looked at; the machine's own is the first.
  public var architectures: [FilterArchitecture]
  /// What is done with calls of other architectures.
  public var foreign: FilterAction
  /// How it is installed.
  public var flags: FilterFlags = []
  /// Whether calls of higher numbers than any that has a rule get ENOSYS: they are newer than the rules.
  public var newerAreUnknown = false
  /// The names that must be known: those that a user wrote, not a profile's.
  public var strict: [String] = []

  /// A source.
  public init(_ programs: [FilterProgram], _ architectures: [FilterArchitecture], foreign: FilterAction = .killProcess)
  {
    (self.programs, self.architectures, self.foreign) = (programs, architectures, foreign)
  }
}

/// An architecture, as the kernel tells filters: the AUDIT_ARCH_… of seccomp(2), and libseccomp's own for x32.
public struct FilterArchitecture: Sendable, Equatable {
  /// The number.
  public let rawValue: UInt32
  /// The name that profiles have for it, without `SCMP_ARCH_`.
  public let name: String

  /// 64 bits of AMD and Intel.
  public static let amd64 = FilterArchitecture(rawValue: 0xc000_003e, name: "X86_64")
  /// Their 32 bits.
  public static let i386 = FilterArchitecture(rawValue: 0x4000_0003, name: "X86")
  /// Their 64 bits with addresses of 32, whose calls have bit 30.
  public static let x32 = FilterArchitecture(rawValue: 0x4000_003e, name: "X32")
  /// 64 bits of ARM.
  public static let aarch64 = FilterArchitecture(rawValue: 0xc000_00b7, name: "AARCH64")
  /// Their 32 bits.
  public static let arm = FilterArchitecture(rawValue: 0x4000_0028, name: "ARM")

  /// All that are known.
  public static let all = [amd64, i386, x32, aarch64, arm]

  /// Those that a machine of that hardware name runs, its own first; none for a machine that isn't known.
  public static func run(by machine: String) -> [FilterArchitecture] {
    switch machine {
    case "x86_64": [amd64, i386, x32]
    case "aarch64": [aarch64, arm]
    default: []
    }
  }

  /// The number of unshare(2), where littlectr's own programs run; nil elsewhere.
  var unshare: UInt32? { self == .amd64 ? 272 : self == .aarch64 ? 97 : nil }

  /// Whether filters compare the lower halves of its arguments alone: they have 32 bits.
  var isNarrow: Bool { self == .x32 || rawValue & 0x8000_0000 == 0 }

  /// What the kernel tells a filter: x32 is told apart by its numbers.
  package var audit: UInt32 { self == .x32 ? Self.amd64.rawValue : rawValue }
}
