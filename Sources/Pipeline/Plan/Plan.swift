/// Everything that will be done to run a command in a container, as a value. Making one touches nothing.
public struct Plan: Sendable {
  /// A step with its place.
  public struct Item: Sendable {
    /// When it is performed.
    public let phase: Phase
    /// The index of its stage in `entries`; nil for what the pipeline itself does.
    public let entry: Int?
    /// What is done.
    public let step: Step
  }

  /// The lines that are used, in order.
  public let entries: [Entry]
  /// All steps, in the order in which they are performed. The number of a step for users is its index plus 1.
  public let items: [Item]
  /// The container as the stages have shaped it.
  public let container: Container
  /// Lines with `try` that were left out, each with the reason.
  public let leftOut: [Failure]

  let child: ChildID
  let command: ChildID
  let channel: Channel

  /// Plans a container.
  ///
  /// - Parameters:
  ///   - entries: the configuration's lines; those that are off are passed over.
  ///   - container: the command, and the machine to plan for.
  /// - Throws: what a stage refuses, and a wrong order.
  public init(_ entries: [Entry], _ container: Container) throws(Failure) {
    var used = entries.filter { $0.mode != .off }
    var leftOut: [Failure] = []
    while true {
      do throws(Refusal) {
        self = try Plan(used: used, all: entries, container, leftOut)
        return
      } catch {
        // A mistake in the file is one, with or without `try`.
        guard error.failure.hostLacks, let index = error.entry, used[index].mode == .tried else {
          throw Plan.withAllThatFollows(error.failure, entries, container)
        }
        leftOut.append(error.failure)
        used.remove(at: index)
      }
    }
  }

  /// A failure, and the index of the line that it is about.
  struct Refusal: Error {
    let entry: Int?
    let failure: Failure
  }

  init(used: [Entry], all: [Entry], _ start: Container, _ leftOut: [Failure]) throws(Refusal) {
    let order = Order(used, all: all, start.catalog)
    for index in used.indices {
      if let failure = order.mistake(at: index) {
        throw Refusal(entry: index, failure: failure)
      }
    }
    var container = start
    container.namespaces = used.reduce(into: []) { $0.formUnion($1.stage.namespaces) }
    container.stagesInUse = []
    for entry in used where container.stagesInUse.last != entry.name { container.stagesInUse.append(entry.name) }
    for entry in used {
      if let places = entry.stage.writablePlaces { container.writablePlaces = places }
    }
    (child, command, channel) = (ChildID(), ChildID("command"), Channel())
    container.childEnd = channel.childEnd
    var phases = [[Item]](repeating: [], count: Phase.allCases.count)
    phases[Phase.inChild.rawValue].reserveCapacity(256)
    func add(_ phase: Phase, _ steps: [Step], _ entry: Int?) {
      for step in steps { phases[phase.rawValue].append(Item(phase: phase, entry: entry, step: step)) }
    }
    // Whether something stands behind a seal, and when each line acts last: what is to be looked at once all were asked.
    var (isSealed, isBehind, mustPrecede) = (false, false, false)
    var acting = [Phase?](repeating: nil, count: used.count)
    for (index, entry) in used.enumerated() {
      do throws(Failure) {
        (container.isTried, container.line) = (entry.mode == .tried, entry.location)
        container.reach.entry = index
        if container.heldParent != nil, container.stagesAbove.last != entry.name { container.heldParent = nil }
        try entry.stage.shape(&container)
        add(.beforeClone, try entry.stage.beforeClone(container), index)
        add(.whileChildWaits, try entry.stage.whileChildWaits(container, child: child), index)
        let (early, late) = (try entry.stage.inChild(container), try entry.stage.beforeExec(container))
        add(.inChild, early, index)
        add(.beforeExec, late, index)
        acting[index] = !late.isEmpty ? .beforeExec : early.isEmpty ? nil : .inChild
        if !late.isEmpty {
          if isSealed { isBehind = true }
          if type(of: entry.stage).isSeal { isSealed = true }
        }
        if !type(of: entry.stage).precedes.isEmpty { mustPrecede = true }
      } catch {
        throw Refusal(entry: index, failure: error.of(entry))
      }
      if container.stagesAbove.last != entry.name { container.stagesAbove.append(entry.name) }
    }
    let ordered = phases[Phase.beforeExec.rawValue].count
    for (index, entry) in used.enumerated() {
      do throws(Failure) {
        (container.isTried, container.line) = (entry.mode == .tried, entry.location)
        let looks = try entry.stage.readBack(container)
        add(.beforeExec, looks, index)
        if isSealed, !looks.isEmpty, !type(of: entry.stage).isSeal { isBehind = true }
      } catch {
        throw Refusal(entry: index, failure: error.of(entry))
      }
    }
    if mustPrecede, let (index, failure) = order.conflict(acting) { throw Refusal(entry: index, failure: failure) }
    if isBehind {
      let last = phases[Phase.beforeExec.rawValue].map { (entry: $0.entry ?? 0, step: $0.step) }
      if let (index, failure) = order.broken(last, movable: ordered, &container) {
        throw Refusal(entry: index, failure: failure)
      }
    }
    if container.isExposed {
      let reach = try Self.reach(&container, used)
      for (entry, step) in reach.making { add(.beforeClone, [step], entry) }
      for (entry, step) in reach.covering { add(.inChild, [step], entry) }
    }
    if !container.hasFileModeMask {
      let own = Step.restoreFileModeMask(container.callersMask).remark("the command has your umask")
      phases[Phase.beforeExec.rawValue].insert(Item(phase: .beforeExec, entry: nil, step: own), at: 0)
    }
    let first = channel.childSteps(leading: container.childLeads, saving: container.callersMask).map {
      Item(phase: .inChild, entry: nil, step: $0)
    }
    phases[Phase.inChild.rawValue].insert(contentsOf: first, at: 0)
    add(.beforeClone, [channel.open(isTried: container.host.isFiltered)], nil)
    add(.clone, [.clone(container.namespaces, child, isChecked: container.host.isFiltered)], nil)
    add(.whileChildWaits, [channel.go], nil)
    add(.exec, Step.execution(of: container, command: command, reporting: channel.childEnd), nil)
    (entries, items, self.container, self.leftOut) = (used, phases.flatMap(\.self), container, leftOut)
  }

  /// What covers that on which littlectr relies, where it could be changed from inside.
  private static func reach(_ container: inout Container, _ used: [Entry]) throws(Refusal) -> ReachPlan {
    do throws(ReachPlan.Refusal) {
      let reach = try ReachPlan(container)
      for warning in reach.warnings { container.warnings.append(warning) }
      return reach
    } catch {
      var failure = error.failure
      (failure.stage, failure.location) = (used[error.entry].name, used[error.entry].location)
      throw Refusal(entry: error.entry, failure: failure)
    }
  }

  /// The lines that are to blame for a step's failure, and may be left out because they are marked `try`. When the
  /// namespaces couldn't be made, which is one call for all, those are the marked lines that want one of the kind that can't
  /// be had.
  public func excusable(after failure: Failure) -> [Entry] {
    let isNamespaces =
      failure.phase == .clone
      && [.notPermitted, .noSpace, .tooManyUsers, .invalidArgument].contains(failure.errno)
    let lacking = failure.lacking ?? Namespaces(rawValue: .max).subtracting(.time)
    return entries.filter { entry in
      // What was applied and isn't so when it is read back is no lack of the host's.
      guard entry.mode == .tried, failure.phase != nil, failure.errno != .protocolError, !failure.dependsOnImage else {
        return false
      }
      return isNamespaces
        ? !entry.stage.namespaces.intersection(lacking).isEmpty
        : entry.name == failure.stage && entry.location == failure.location
    }
  }

  /// The line above whose seal a step of another line's is performed; nil if there is none.
  func seal(before index: Int) -> Entry? {
    let item = items[index]
    guard item.phase == .beforeExec, let own = item.entry, !type(of: entries[own].stage).isSeal else { return nil }
    let above = items[..<index].last { other in
      other.phase == .beforeExec && other.entry.map { type(of: entries[$0].stage).isSeal } == true
    }
    return above?.entry.map { entries[$0] }
  }

  /// The steps of one stage, or with nil the pipeline's own, with their indexes.
  public func steps(of entry: Int?) -> [(index: Int, item: Item)] {
    items.enumerated().filter { $0.element.entry == entry }.map { ($0.offset, $0.element) }
  }
}
