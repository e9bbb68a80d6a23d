internal import CKernel
public import SystemPackage

extension Syscall {
  /// Sets a limit of the caller's, given as a RLIMIT number; the largest number is no limit: prlimit(2).
  public static func limit(_ resource: Int32, soft: UInt64, hard: UInt64) throws(Errno) {
    try answer(ck_prlimit(resource, soft, hard))
  }

  /// The soft and the hard limit of the caller's, by a RLIMIT number: prlimit(2).
  public static func limit(_ resource: Int32) throws(Errno) -> (soft: UInt64, hard: UInt64) {
    var found: (UInt64, UInt64) = (0, 0)
    let result = unsafe withUnsafeMutableBytes(of: &found) { bytes in
      unsafe ck_get_limit(resource, bytes.assumingMemoryBound(to: UInt64.self).baseAddress)
    }
    try answer(result)
    return (found.0, found.1)
  }

  /// Sets the caller's nice value: setpriority(2) with PRIO_PROCESS.
  public static func setNice(_ level: Int32) throws(Errno) { try answer(ck_setpriority(0, level)) }

  /// Binds the caller to processors, by their numbers: sched_setaffinity(2).
  ///
  /// - Throws: `.invalidArgument` too when it isn't bound to exactly these afterwards, since a cgroup withholds some.
  public static func bind(to processors: [Int]) throws(Errno) {
    let wanted = affinityMask(processors)
    try answer(
      unsafe wanted.withUnsafeBytes { unsafe ck_sched_setaffinity($0.baseAddress, UInt($0.count)) })
    var found = [UInt64](repeating: 0, count: 128)
    try answer(unsafe found.withUnsafeMutableBytes { unsafe ck_sched_getaffinity($0.baseAddress, UInt($0.count)) })
    for index in found.indices where found[index] != (index < wanted.count ? wanted[index] : 0) {
      throw .invalidArgument
    }
  }

  /// The mask for processors: as many words of 64 bits as it takes.
  public static func affinityMask(_ processors: [Int]) -> [UInt64] {
    var mask = [UInt64](repeating: 0, count: (processors.max() ?? 0) / 64 + 1)
    for processor in processors { mask[processor / 64] |= 1 << UInt64(processor % 64) }
    return mask
  }
}
