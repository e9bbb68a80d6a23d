internal import Pipeline

/// The default profile: a list of what is let through. Written from the manuals, mostly section 2.
enum DefaultFilter {
  /// The flags of clone(2) that make namespaces. CLONE_NEWTIME is none of them: its bit means something else there.
  static let namespaces: UInt64 = 0x7e02_0000
  /// AF_UNIX, AF_INET, AF_INET6, AF_NETLINK.
  static let families: [UInt32] = [1, 2, 10, 16]
  /// PER_LINUX, PER_LINUX32, both with UNAME26, each also with ADDR_NO_RANDOMIZE, by which debuggers have a program lie where it
  /// did before; and the question which one it is.
  static let personalities: [UInt32] = [
    0, 8, 0x20000, 0x20008, 0x40000, 0x40008, 0x60000, 0x60008, 0xffff_ffff,
  ]
  /// TIOCSTI and TIOCLINUX: ioctl_tty(2), ioctl_console(2).
  static let requests: [UInt32] = [0x5412, 0x541c]

  private static let noSystemCall = FilterAction.errno(38)
  private static let noFamily = FilterAction.errno(97)

  /// - Parameter refusal: what becomes of a call that is refused, and not unknown.
  static func programs(_ refusal: FilterAction, machine: String) -> [FilterProgram] {
    [
      FilterProgram(
        otherwise: noSystemCall,
        [
          FilterRule(AllowedCalls.groups.flatMap(\.calls), .allow),
          FilterRule(RefusedCalls.groups.flatMap(\.calls), refusal),
          FilterRule(["clone"], .program(1)),
          FilterRule(["ioctl"], .program(2)),
          FilterRule(["personality"], .program(3)),
          // On i386 their arguments are out of sight, so that there is no socket at all.
          FilterRule(["socket", "socketpair"], .program(4), needsArguments: true),
        ]),
      // The order of clone's arguments is each architecture's own.
      FilterProgram(
        otherwise: refusal,
        [
          FilterRule(
            ["clone"], .allow,
            [FilterCondition(argument: machine.begins(with: "s390") ? 1 : 0, .masked, namespaces, 0)])
        ]),
      // The kernel takes the lower half of a request: what is above it must not lead past the filter (CVE-2019-10063).
      FilterProgram(otherwise: .allow, requests.map { FilterRule(["ioctl"], refusal, [.int(1, is: $0)]) }),
      FilterProgram(
        otherwise: refusal, personalities.map { FilterRule(["personality"], .allow, [.int(0, is: $0)]) }),
      FilterProgram(
        otherwise: refusal.errno == nil ? refusal : noFamily,
        families.flatMap { family in
          ["socket", "socketpair"].map { FilterRule([$0], .allow, [.int(0, is: family)], needsArguments: true) }
        }),
    ]
  }

  /// What it is made of, as text: to know a filter by that was kept.
  static var identity: [String] {
    // To print a whole array costs 500,000 instructions.
    var numbers = String(namespaces)
    for number in families + personalities + requests { numbers += " " + String(number) }
    return (AllowedCalls.groups + RefusedCalls.groups).map(\.names) + [numbers]
  }
}
