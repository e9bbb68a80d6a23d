public import SystemPackage

/// One kind of isolation: a line in stages.conf, a type in Swift.
///
/// A stage lists steps; it never calls the kernel itself. The pipeline asks it, in the parent and before the child
/// exists, for the steps of each phase, and a runner performs them:
///
///     parent  plan            shape, then every hook below is asked
///     parent  beforeClone
///     parent  clone3          one call, with all stages' namespaces
///     parent  whileChildWaits
///     child   inChild
///     child   beforeExec
///     child   readBack
///     child   execve
///
/// Everything but `name`, `help` and `init()` has a default, so that a stage holds only what it changes.
public protocol IsolationStage: Sendable {
  /// The word in stages.conf.
  static var name: String { get }
  /// The first line: what it gives, as a sentence. The rest: why it exists, and what one sees without it.
  static var help: String { get }
  /// The keys of its line.
  static var options: [StageOption] { get }
  /// What people call it who know it by another word, or from another program: without `-` and `_`, in lower case.
  static var synonyms: [String] { get }
  /// Whether more than one line of the stage may be used.
  static var isRepeatable: Bool { get }
  /// What it gives.
  static var provides: [Facet] { get }
  /// What a stage above must give, each with the reason.
  static var needs: KeyValuePairs<Facet, String> { get }
  /// What is given above this one if it is given at all, each with the reason.
  static var follows: KeyValuePairs<Facet, String> { get }
  /// What must not be so yet when its steps are performed, each with the reason: that privileges are given up, for instance.
  static var precedes: KeyValuePairs<Facet, String> { get }
  /// Whether its `beforeExec` takes from the process what steps behind it may need. `refusal` says what.
  static var isSeal: Bool { get }
  /// The refusals that users meet with this stage, for the manual.
  static var diagnostics: [Advice] { get }

  /// The stage with every option at its default.
  init()

  /// Sets the option of a key; false if there is no such key. A stage never writes this itself: the default reads its
  /// table. It is a requirement so that the compiler makes code for each stage alone, which is quick.
  ///
  /// - Parameter given: the keys that were given before. Where it lacks the key of a list, the value is the first of a new
  ///   one.
  mutating func set(_ key: String, to text: String?, _ context: ValueContext, given: [String]) throws(OptionError)
    -> Bool

  /// The namespaces that the child is made in.
  var namespaces: Namespaces { get }
  /// The places that rules for files let be written, if the stage has such rules. The stages above attach the rest read-only.
  var writablePlaces: [FilePath]? { get }
  /// Tells the stages below, and the command, what they may rely on: the root, the environment.
  func shape(_ container: inout Container) throws(Failure)
  /// What the parent does before the child exists.
  func beforeClone(_ container: Container) throws(Failure) -> [Step]
  /// What the parent does to the child, which waits for it.
  func whileChildWaits(_ container: Container, child: ChildID) throws(Failure) -> [Step]
  /// What the child does, in the file's order.
  func inChild(_ container: Container) throws(Failure) -> [Step]
  /// What the child does last, when every stage's `inChild` is done.
  func beforeExec(_ container: Container) throws(Failure) -> [Step]
  /// What the child looks at when all other steps of all stages are done, also of those below: what it has become.
  ///
  /// - Parameter container: as all stages have shaped it.
  func readBack(_ container: Container) throws(Failure) -> [Step]
  /// Of a seal: why a call can't be made any more that a step behind its own makes; nil if it can, as far as can be told.
  ///
  /// - Parameters:
  ///   - call: the call's name, as strace prints it.
  ///   - container: as all stages have shaped it.
  func refusal(of call: String, _ container: Container) -> Advice?
}

extension IsolationStage {
  /// No keys.
  public static var options: [StageOption] { [] }
  /// No other words.
  public static var synonyms: [String] { [] }
  /// One line only.
  public static var isRepeatable: Bool { false }
  /// Nothing.
  public static var provides: [Facet] { [] }
  /// Nothing.
  public static var needs: KeyValuePairs<Facet, String> { [:] }
  /// Nothing.
  public static var follows: KeyValuePairs<Facet, String> { [:] }
  /// Nothing.
  public static var precedes: KeyValuePairs<Facet, String> { [:] }
  /// None.
  public static var isSeal: Bool { false }
  /// No documented refusals.
  public static var diagnostics: [Advice] { [] }
  /// Sets the option of a key, by the stage's table.
  @inlinable
  public mutating func set(
    _ key: String, to text: String?, _ context: ValueContext, given: [String]
  ) throws(OptionError) -> Bool {
    for option in Self.options where option.key == key && !option.isOpen {
      if !option.isRepeatable, given.contains(key) { throw .repeated }
      guard let text = text ?? (option.isSwitch ? "yes" : nil) else { throw .missing(syntax: option.syntax) }
      let isFirst = option.isRepeatable && !given.contains(key)
      do throws(ValueError) {
        try option.set(&self, to: text, context, replacing: isFirst)
      } catch {
        throw .invalid(text: text, error)
      }
      return true
    }
    for option in Self.options where option.isOpen {
      let text = key.isEmpty ? text ?? "" : text.map { "\(key)=\($0)" } ?? key
      do throws(ValueError) { try option.set(&self, to: text, context) } catch { throw .invalid(text: text, error) }
      return true
    }
    return false
  }

  /// None.
  public var namespaces: Namespaces { [] }
  /// No rules.
  public var writablePlaces: [FilePath]? { nil }
  /// Leaves the container as it is.
  public func shape(_ container: inout Container) throws(Failure) {}
  /// No steps.
  public func beforeClone(_ container: Container) throws(Failure) -> [Step] { [] }
  /// No steps.
  public func whileChildWaits(_ container: Container, child: ChildID) throws(Failure) -> [Step] { [] }
  /// No steps.
  public func inChild(_ container: Container) throws(Failure) -> [Step] { [] }
  /// No steps.
  public func beforeExec(_ container: Container) throws(Failure) -> [Step] { [] }
  /// No steps.
  public func readBack(_ container: Container) throws(Failure) -> [Step] { [] }
  /// Everything can be called.
  public func refusal(of call: String, _ container: Container) -> Advice? { nil }

  /// The first line of the help.
  public static var summary: String { String(help.prefix { $0 != "\n" }) }
}
