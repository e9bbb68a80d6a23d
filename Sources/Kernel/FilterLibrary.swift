internal import CKernel
public import SystemPackage

/// Filters of system calls, compiled by libseccomp: seccomp_rule_add(3). The library is linked in, and makes no call of its
/// own until a filter is compiled.
public enum FilterLibrary {
  /// A comparison of one argument, as seccomp_rule_add(3) has it.
  public struct Condition: Sendable, Equatable {
    /// The argument, from 0.
    public var argument: UInt32
    /// The comparison: a number of `enum scmp_compare`.
    public var comparison: UInt32
    /// What the argument is compared with; for a masked comparison the mask.
    public var value: UInt64
    /// For a masked comparison, what is left of the argument.
    public var second: UInt64
    /// A comparison.
    public init(argument: UInt32, comparison: UInt32, value: UInt64, second: UInt64) {
      (self.argument, self.comparison, self.value, self.second) = (argument, comparison, value, second)
    }
  }

  /// What is done with a call, if all conditions hold.
  public struct Rule: Sendable {
    /// The call's number on the machine's own architecture, or libseccomp's own for one that only others have.
    public var call: Int32
    /// The kernel's action: SECCOMP_RET_….
    public var action: UInt32
    /// For which of the filter's architectures it holds: bit N for the Nth.
    public var architectures: UInt32
    /// What must hold.
    public var conditions: [Condition]
    /// A rule.
    public init(call: Int32, action: UInt32, architectures: UInt32, conditions: [Condition]) {
      (self.call, self.action, self.architectures, self.conditions) = (call, action, architectures, conditions)
    }
  }

  /// Why there is no filter: the library's answer, and the rule that it is about.
  public struct Refusal: Error, Sendable {
    /// What the library answers.
    public let errno: Errno
    /// The index of the rule; nil if it is about the whole.
    public let rule: Int?
  }

  /// The library's version, `2.5.4` for instance.
  public static var version: String {
    "\(ck_seccomp_version >> 16).\(ck_seccomp_version >> 8 & 0xff).\(ck_seccomp_version & 0xff)"
  }

  /// A call's number on an architecture, given as AUDIT_ARCH_…, or with 0 on the machine's own; negative for one that this
  /// has not, nil for a name that the library doesn't know: seccomp_syscall_resolve_name(3).
  public static func number(of name: String, on architecture: UInt32 = 0) -> Int32? {
    let number = unsafe ck_filter_call(architecture, name)
    return number == -1 ? nil : number
  }

  /// What a number is of a name that the library doesn't know.
  public static let unknown: Int32 = -1

  /// A call's numbers on several architectures, given as AUDIT_ARCH_…; negative on one that hasn't the call.
  ///
  /// - Parameter numbers: gets one for each architecture, and has that many elements.
  public static func find(_ name: String, on architectures: [UInt32], _ numbers: inout [Int32]) {
    let count = UInt32(min(architectures.count, numbers.count))
    unsafe name.withCString { name in
      unsafe architectures.withUnsafeBufferPointer { architectures in
        unsafe numbers.withUnsafeMutableBufferPointer { numbers in
          unsafe ck_filter_calls(architectures.baseAddress, count, name, numbers.baseAddress)
        }
      }
    }
  }

  /// Compiles a filter.
  ///
  /// - Parameters:
  ///   - otherwise: the action for calls without a rule.
  ///   - foreign: the action for calls of other architectures than those given.
  /// - Returns: the kernel's `struct sock_filter`s, as numbers.
  public static func compile(
    _ rules: [Rule], otherwise: UInt32, foreign: UInt32, architectures: [UInt32]
  ) throws(Refusal) -> [UInt64] {
    let conditions = rules.flatMap(\.conditions).map {
      ck_filter_condition(argument: $0.argument, comparison: $0.comparison, value: $0.value, second: $0.second)
    }
    var (failed, result) = (-1, 0)
    let code = unsafe conditions.withUnsafeBufferPointer { conditions in
      var next = 0
      let rules = unsafe rules.map { rule in
        defer { next += rule.conditions.count }
        return unsafe ck_filter_rule(
          call: rule.call, action: rule.action, architectures: rule.architectures, count: UInt32(rule.conditions.count),
          conditions: conditions.baseAddress.map { unsafe $0 + next })
      }
      return unsafe rules.withUnsafeBufferPointer { rules in
        unsafe architectures.withUnsafeBufferPointer { architectures in
          var filter = unsafe ck_filter(
            otherwise: otherwise, foreign: foreign, architectures: architectures.baseAddress,
            architecture_count: UInt32(architectures.count), rules: rules.baseAddress, rule_count: UInt(rules.count))
          // As much again as the kernel takes: what is too long shall be told apart from what is cut off.
          return unsafe [UInt64](unsafeUninitializedCapacity: 8192) { buffer, count in
            result = unsafe ck_filter_compile(&filter, buffer.baseAddress, UInt(buffer.count), &failed)
            count = max(result, 0)
          }
        }
      }
    }
    if result < 0 { throw Refusal(errno: Errno(rawValue: Int32(-result)), rule: failed < 0 ? nil : failed) }
    return code
  }
}

extension Syscall {
  /// Has the kernel look at each system call of the caller's, and of what it starts, by a filter: seccomp(2) with
  /// SECCOMP_SET_MODE_FILTER. It can't be taken off again.
  public static func installFilter(_ code: [UInt64], flags: UInt32) throws(Errno) {
    guard let count = UInt16(exactly: code.count) else { throw .invalidArgument }
    try answer(unsafe code.withUnsafeBufferPointer { unsafe ck_install_filter(flags, $0.baseAddress, count) })
  }

  /// How the caller's system calls are filtered: 2 by a filter, 0 not at all: prctl(2) with PR_GET_SECCOMP.
  public static func filterMode() throws(Errno) -> Int { try answer(ck_filter_mode()) }
}
