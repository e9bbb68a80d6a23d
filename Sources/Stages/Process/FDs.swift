public import Pipeline

/// Closes what the caller has open, beside standard input, output and error: close_range(2).
public struct FDs: IsolationStage {
  public static let name = "fds"
  public static let synonyms = ["fd", "descriptors", "filedescriptors"]
  public static let help = """
    Your open descriptors stay yours: the command gets standard input, output and error, and those that keep= names.
    A shell, a build or an editor hands down more than one thinks. Without it the command gets whatever you have open: \
    a directory among it is a way out of the container, a socket a way to speak in your name. All is closed before the command is \
    looked for, which may be a link to /proc/self/fd in the image (CVE-2024-21626). keep= is how programs are \
    handed a socket or a pipe on purpose; what you keep is open inside with all that it allows.
    """
  public static let options = [
    StageOption(
      "keep", \Self.keep, "a descriptor that the command gets, by its number, or several: 5, or 10-12",
      syntax: "NUMBER|FIRST-LAST", none: "none")
  ]
  public static let diagnostics = [notOpen, directory]

  static let notOpen = Advice(
    why: "littlectr was started without a descriptor {number}, so that one of its own could get that number",
    fix: "open it: littlectr run … {number}</dev/null; or leave it out of keep=")

  static let directory = Advice(
    why:
      "it is a directory of your machine's, and by its descriptor the command would reach all that lies in and above it",
    fix: "redirect {name} to a file or /dev/null; bind the directory if the command is to have it")

  /// Descriptors that follow each other.
  struct Descriptors: OptionValue {
    let first: Int32
    let last: Int32

    static let syntax = "NUMBER|FIRST-LAST"
    static func parse(_ text: String, _ context: ValueContext) throws(ValueError) -> Descriptors {
      let ends = text.fields("-").map { number($0) }
      guard ends.count <= 2, let first = ends.first ?? nil, let last = ends.last ?? nil, first >= 3, first <= last
      else {
        throw ValueError(expected: "a descriptor from 3 on, or the first and the last of several: 5, or 10-12")
      }
      return Descriptors(first: first, last: last)
    }
    var optionText: String { first == last ? "\(first)" : "\(first)-\(last)" }

    private static func number(_ text: String) -> Int32? {
      guard text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), text.utf8.first != 0x30 else { return nil }
      return Int32(text)
    }
  }

  var keep: [Descriptors] = []
  public init() {}

  public func shape(_ container: inout Container) throws(Failure) {
    for descriptors in keep {
      // The first that isn't open ends it, however long the range is.
      for number in descriptors.first...descriptors.last where !container.host.isOpen(number) {
        throw Failure("keep=\(descriptors.optionText)", Self.notOpen.filled(["number": String(number)]))
      }
    }
    for (number, name) in zip(Int32(0)..., ["standard input", "standard output", "standard error"])
    where container.host.openFile(number)?.found.isDirectory == true {
      throw Failure(name, Self.directory.filled(["name": name]))
    }
    container.unshare("descriptors")
    container.closedDescriptors = closed
    if keep.isEmpty { return }
    let kept = keep.map(\.optionText).joined(separator: ", ")
    container.share(SharedThing("descriptors", "those of yours that keep= names: \(kept)"))
  }

  /// What isn't kept: the first and the last of each range, in turn.
  private var closed: [UInt32] {
    var (closed, next) = ([UInt32](), UInt32(3))
    for kept in keep.sorted(by: { $0.first < $1.first }) {
      if kept.first > next { closed += [next, UInt32(kept.first) - 1] }
      next = max(next, UInt32(kept.last) + 1)
    }
    return closed + [next, .max]
  }

  public func beforeExec(_ container: Container) -> [Step] {
    let closed = closed
    var steps: [Step] = []
    for index in stride(from: 0, to: closed.count, by: 2) {
      steps.append(.closeOnExecute(from: closed[index], to: closed[index + 1]))
    }
    return [steps[0].remark("what you have open stays yours: a directory's descriptor would be a way out")]
      + steps.dropFirst()
  }
}
