import Glibc
import Pipeline

/// Lets the command have few files open: setrlimit(2). That takes it from littlectr itself as well, which holds some while it
/// sets the container up: so whatever opens a file must come before.
struct FewFiles: IsolationStage {
  static let name = "fewfiles"
  static let help = """
    The command can have few files open at once.
    Without it the limit is your shell's.
    """
  static let options = [StageOption("most", \Self.most, "how many, standard input, output and error among them")]
  static let isSeal = true
  static let diagnostics = [tooFew, reached]
  static let tooFew = Advice(why: "hardly a program does with less than 8", fix: "write most=8, or more")
  static let reached = Advice(
    why: "the limit is reached by then, and {stage} calls {call} behind it", fix: "leave one of the two out")

  var most = 16

  func shape(_ container: inout Container) throws(Failure) {
    if most < 8 { throw Failure("most=\(most)", Self.tooFew) }
  }

  func beforeExec(_ container: Container) -> [Step] {
    [
      Step("prlimit64(0, RLIMIT_NOFILE, {rlim_cur=\(most), rlim_max=\(most)}, NULL)") { () throws(Errno) in
        var limit = rlimit(rlim_cur: rlim_t(most), rlim_max: rlim_t(most))
        if setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) != 0 { throw Errno(rawValue: errno) }
      }
    ]
  }

  /// Asked for each call that a step behind its own makes. A line that makes one must stand above this one.
  func refusal(of call: String, _ container: Container) -> Advice? {
    ["openat", "openat2", "open_tree", "socket"].contains(call) ? Self.reached : nil
  }
}
