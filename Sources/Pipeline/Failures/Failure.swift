internal import Kernel
public import SystemPackage

/// Why littlectr can't do what was asked: the place, the call, the errno, the cause and one remedy.
public struct Failure: Error, Sendable {
  /// littlectr's exit status: 125, or 126 and 127 when the command itself couldn't be executed.
  public var status: Int32 = 125
  /// The line of the configuration.
  public var location: Location?
  /// The part of that line which is meant.
  public var excerpt: Excerpt?
  /// The stage's name.
  public var stage: String?
  /// When it failed; nil if nothing had been done yet.
  public var phase: Phase?
  /// Whether the host lacks something, so that a line with `try` may be left out. Not for a mistake of the user's. What
  /// the kernel refuses to a step counts as such, unless it is the image that decides how the step ends.
  public var hostLacks = false
  /// Whether a step failed whose end the image decides.
  var dependsOnImage = false
  /// The kinds of namespaces that can't be had, where that is what failed, and it was found out which.
  var lacking: Namespaces?
  /// Whether a line that it needs isn't there, or is off.
  var lacksStage = false
  /// Whether it was made on purpose: `--fault`.
  var isMade = false
  /// What failed: a call as strace prints it, or a sentence.
  public var what: String
  /// What the kernel answered.
  public var errno: Errno?
  /// The cause.
  public var why: String?
  /// The remedy.
  public var fix: String?

  /// A failure that isn't a call's. Stage and line are added by the pipeline when a stage throws it.
  public init(_ what: String, why: String? = nil, fix: String? = nil) {
    (self.what, self.why, self.fix) = (what, why, fix)
  }

  /// A refusal that is one of the documented ones.
  public init(_ what: String, _ advice: Advice) {
    self.init(what, why: advice.why, fix: advice.fix)
    errno = advice.errno
  }

  /// The same as a line's, unless it is another's already.
  func of(_ entry: Entry) -> Failure {
    var failure = self
    (failure.stage, failure.location) = (stage ?? entry.name, location ?? entry.location)
    return failure
  }

  /// The whole text, without a newline at its end.
  public var text: String {
    var lines: [String] = []
    if let excerpt, let location {
      lines.append("littlectr: \(location):\(excerpt.column): \(shown(what))")
      if !excerpt.isHidden { lines.append(excerpt.lines) }
    } else {
      var place = stage
      if let location { place = place.map { "\($0) (\(location))" } ?? location.description }
      let parts = ["littlectr", place.map { shown($0) }, shown(what), errno?.name] as [String?]
      lines.append(parts.compactMap(\.self).joined(separator: ": "))
    }
    if let why { lines.append("  why  \(shownLines(why))") }
    if let fix { lines.append("  fix  \(shownLines(fix))") }
    if isMade { lines.append("  note this failure was made by --fault") }
    return lines.joined(separator: "\n")
  }
}
