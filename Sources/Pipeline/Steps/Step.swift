public import SystemPackage

/// One kernel call, or a small group of calls that belong together: what to do, its text as strace would print it, what
/// to tell a user for each errno, and the steps that undo it.
///
///     .makeDirectory(path).undo(.removeDirectory(path))
///     .setHostname(name).advice(.notPermitted, "put userns above uts, or run as root")
public struct Step: Sendable {
  private var body: @Sendable () throws(Errno) -> Void
  private let describe: @Sendable () -> String
  private var decider = Decider.host
  /// What few steps have, in one place, so that a step is quick to copy; nil if this one has none of it.
  private var extras: Extras?

  /// What a step may have beside its call. It is copied before it is changed, and never changed after that.
  private final class Extras: Sendable {
    let shortText: (@Sendable () -> String)?
    let adviser: Adviser?
    let undoing: [Step]
    let inspection: (@Sendable (Errno) -> [UInt8])?
    let remark: String?
    let looksIntoImage: Bool

    init(
      _ old: Extras?, shortText: (@Sendable () -> String)? = nil, adviser: Adviser? = nil, undoing: Step? = nil,
      inspection: (@Sendable (Errno) -> [UInt8])? = nil, remark: String? = nil,
      looksIntoImage: Bool = false
    ) {
      self.shortText = shortText ?? old?.shortText
      self.inspection = inspection ?? old?.inspection
      self.remark = remark ?? old?.remark
      self.looksIntoImage = looksIntoImage || old?.looksIntoImage == true
      self.adviser = Self.first(old?.adviser, adviser)
      self.undoing = undoing.map { (old?.undoing ?? []) + [$0] } ?? old?.undoing ?? []
    }

    /// The first of two that knows a cause.
    private static func first(_ one: Adviser?, _ other: Adviser?) -> Adviser? {
      guard let one, let other else { return one ?? other }
      return { one($0, $1) ?? other($0, $1) }
    }
  }

  /// Who decides how a step ends.
  enum Decider: Sendable {
    /// The machine: what it lacks `try` excuses.
    case host
    /// The image too, since a place in it is taken for a mount, or a terminal is made by what is there.
    case place
    /// The image, through whose files a path leads.
    case image
  }

  private typealias Adviser = @Sendable (Errno, Evidence) -> Advice?

  /// A step of any kind.
  ///
  /// - Parameters:
  ///   - text: the call as strace prints it, one a line. Made only when somebody reads it.
  ///   - body: performs it. In the child it runs between clone and exec, in a process with one thread.
  public init(
    _ text: @autoclosure @escaping @Sendable () -> String, _ body: @escaping @Sendable () throws(Errno) -> Void
  ) {
    (describe, self.body) = (text, body)
  }

  /// The call as strace prints it, one a line.
  public var text: String { describe() }
  /// What the step is for, in a few words, where the call alone doesn't say it.
  public var remark: String? { extras?.remark }

  /// Whether it is the image that may have decided that it ends so, which `try` doesn't excuse.
  func dependsOnImage(_ errno: Errno) -> Bool {
    switch extras?.looksIntoImage == true ? .image : decider {
    case .host: false
    case .place: ![.noFunction, .notPermitted, .noSpace].contains(errno)
    case .image: errno != .noFunction
    }
  }

  /// Says that the machine isn't alone in deciding how it ends. Each step that follows a path below something held has it.
  func decided(by decider: Decider) -> Step {
    var step = self
    step.decider = decider
    return step
  }

  /// The one call that stands for all, in an error.
  var headline: String { extras?.shortText?() ?? text }
  /// The steps that take it back, in the order in which they were added.
  public var undoing: [Step] { extras?.undoing ?? [] }
  var hasUndoing: Bool { extras.map { !$0.undoing.isEmpty } ?? false }

  func perform() throws(Errno) { try body() }

  /// What is found where the step has failed.
  func inspect(_ errno: Errno) -> [UInt8] { extras?.inspection?(errno) ?? [] }

  /// The cause and the remedy, by the first who knows.
  func advice(on errno: Errno, _ evidence: Evidence) -> Advice? {
    guard let advice = extras?.adviser?(errno, evidence) else { return nil }
    // What is proposed isn't so already.
    if let stage = advice.stage, evidence.uses(stage) { return nil }
    return evidence.host.isRoot && advice.fix.ends(with: "run as root") ? nil : advice
  }

  private func with(_ extras: Extras) -> Step {
    var step = self
    step.extras = extras
    return step
  }

  /// Adds a remedy for one errno, whose cause needs no looking.
  public func advice(_ errno: Errno, why: String? = nil, _ fix: String) -> Step {
    advice(errno) { _ in Advice(errno, why: why ?? "", fix: fix) }
  }

  /// Adds one of the stage's documented refusals.
  public func advice(_ advice: Advice) -> Step {
    guard let errno = advice.errno else { return self }
    return self.advice(errno) { _ in advice }
  }

  /// Adds one of the stage's documented refusals, with its names filled in once it is told.
  public func advice(
    _ advice: Advice, filled values: @autoclosure @escaping @Sendable () -> KeyValuePairs<String, String>
  ) -> Step {
    with(Extras(extras, adviser: { errno, _ in errno == advice.errno ? advice.filled(values()) : nil }))
  }

  /// Adds several of the stage's documented refusals; the first with the errno is told.
  public func advice(
    anyOf list: [Advice], filled values: @autoclosure @escaping @Sendable () -> KeyValuePairs<String, String>
  ) -> Step {
    Step.advice(anyOf: list, filled: values(), on: [self])[0]
  }

  /// Adds several of the stage's documented refusals to each of several steps; the first with the errno is told.
  ///
  /// - Parameter lookIntoImage: whether it is the image that decides how they end. What is hostile must not switch a line
  ///   off that has `try`.
  public static func advice(
    anyOf list: [Advice], filled values: @autoclosure @escaping @Sendable () -> KeyValuePairs<String, String>,
    on steps: [Step], lookIntoImage: Bool = false
  ) -> [Step] {
    // One for all that have no other.
    let added = Extras(
      nil, adviser: { errno, _ in list.first { $0.errno == errno }?.filled(values()) }, looksIntoImage: lookIntoImage)
    var steps = steps
    for index in steps.indices {
      let own = steps[index].extras
      steps[index].extras =
        own.map { Extras($0, adviser: added.adviser, looksIntoImage: lookIntoImage) } ?? added
    }
    return steps
  }

  /// Adds a look at the machine for one errno. The first that finds a cause is told.
  public func advice(_ errno: Errno, _ look: @escaping @Sendable (Evidence) -> Advice?) -> Step {
    with(Extras(extras, adviser: { $0 == errno ? look($1) : nil }))
  }

  /// Adds a look at the machine for several of the stage's documented refusals; the one with the errno is told, as it is
  /// returned.
  public func advice(anyOf list: [Advice], _ look: @escaping @Sendable (Advice, Evidence) -> Advice?) -> Step {
    with(
      Extras(extras, adviser: { errno, evidence in list.first { $0.errno == errno }.flatMap { look($0, evidence) } }))
  }

  /// Counts the step as done when what it would make is there already.
  public func mayExist() -> Step { accepting(.fileExists) }

  /// Counts the step as done when what it would remove isn't there.
  public func mayLack() -> Step { accepting(.noSuchFileOrDirectory) }

  /// Counts the step as done when the kernel denies it, since what it would change is somebody else's.
  public func mayBeDenied() -> Step { accepting(.notPermitted) }

  /// Counts the step as done when what is open has no place in a tree of files, so that no rule can name it.
  public func mayBeNameless() -> Step { accepting(Errno(rawValue: 77)) }

  private func accepting(_ errno: Errno) -> Step {
    var step = self
    let body = body
    step.body = { () throws(Errno) in
      do throws(Errno) { try body() } catch  where error == errno {}
    }
    return step
  }

  /// Says what takes the step back. In a parent's phase that happens at the container's end, whichever way it ends;
  /// in a child's phase when a later step of the child fails, since all else that a child made goes with it.
  public func undo(_ step: Step) -> Step { with(Extras(extras, undoing: step)) }

  /// Says which one call stands for a group of them, in an error.
  public func headline(_ text: @autoclosure @escaping @Sendable () -> String) -> Step {
    with(Extras(extras, shortText: text))
  }

  /// Says what the step is for.
  public func remark(_ text: String) -> Step { with(Extras(extras, remark: text)) }

  /// Adds a look at things where the step fails: in the child, with the child's files. What it returns, at most
  /// 4000 bytes, is the `detail` of the evidence.
  public func inspect(_ look: @escaping @Sendable (Errno) -> [UInt8]) -> Step {
    with(Extras(extras, inspection: look))
  }
}
