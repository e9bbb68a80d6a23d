public import SystemPackage

/// The stages of a container in order, as files and the command line give them.
public struct Configuration: Sendable {
  /// The lines that name a stage, in order.
  public private(set) var entries: [Entry]
  /// Where the file lies.
  public var directory: FilePath { file.directory }
  /// The file's name, for messages.
  public var name: String { file.name }
  /// The file with the first line.
  public let file: ConfigurationFile
  /// What is on the way to the file, and to each that it includes.
  public let ways: [Way]
  private let catalog: StageCatalog
  /// The stages that a line may name.
  public var stages: [any IsolationStage.Type] { catalog.types }
  private let host: Host

  /// Reads a configuration.
  ///
  /// - Throws: the first error in it, with line, column and the line's text.
  public init(_ file: ConfigurationFile, catalog: StageCatalog, host: Host) throws(Failure) {
    var parser = ConfigurationParser(catalog: catalog, host: host)
    try parser.read(file)
    (entries, self.file, ways) = (parser.entries, file, parser.ways)
    (self.catalog, self.host) = (catalog, host)
    // By names alone: an entry is slow to copy.
    let names = entries.map { $0.mode == .off || type(of: $0.stage).isRepeatable ? "" : $0.name }
    for (index, name) in names.enumerated() where name != "" {
      guard let first = names[..<index].firstIndex(of: name) else { continue }
      var failure = Failure(
        "'\(name)' is used twice, first in \(entries[first].location)",
        fix: "remove one of the lines, or write 'off' before it")
      failure.location = entries[index].location
      throw failure
    }
  }

  /// Refuses a file that names no stage, as one is that was cut off on a full disk: the command would run on the host itself.
  public func checkThatItNamesStages() throws(Failure) {
    guard entries.isEmpty else { return }
    var failure = Failure("the configuration can't be used", ConfigurationAdvice.noStage.filled(["file": name]))
    failure.location = Location(file: name)
    throw failure
  }

  /// Whether a stage is used, on whichever line.
  public func uses(_ stage: String) -> Bool { entries.contains { $0.name == stage && $0.mode != .off } }

  /// Sets an option of a stage that is used, as `--set STAGE.KEY=VALUE` does. A list is set anew by the first of them, and
  /// added to by the next, and by `STAGE.KEY+=VALUE`.
  ///
  /// - Parameter option: the text for messages.
  public mutating func set(_ stage: String, _ key: String, to value: String?, from option: String) throws(Failure) {
    let index = try settable(stage, from: option)
    try change(index, key, to: value, from: option, adds: entries[index].renewed.contains(key))
    entries[index].renewed.append(key)
  }

  private mutating func change(
    _ index: Int, _ key: String, to value: String?, from option: String, adds: Bool
  ) throws(Failure) {
    entries[index].given = []
    do throws(WordError) {
      try entries[index].set(key, value, ValueContext(directory: "."), adds: adds)
    } catch {
      throw refusal(option, error.message, error.fix)
    }
  }

  /// The line of a stage that is used, and has no other.
  private func settable(_ stage: String, from option: String) throws(Failure) -> Int {
    let index = try index(of: stage, from: option)
    let lines = entries.filter { $0.name == stage && $0.mode != .off }
    if lines.count > 1 {
      throw refusal(
        option, "'\(stage)' is used \(lines.count) times, first in \(lines[0].location)",
        "change the line that you mean, or leave all out with --without \(stage), and add some with --with")
    }
    guard entries[index].mode != .off else {
      throw refusal(option, "'\(stage)' is off (\(entries[index].location))", "add --with \(stage)")
    }
    return index
  }

  /// Sets an option of a stage, as a flag does that the stage brings: `-w /tmp`. A stage that isn't used is switched on; of
  /// one that may have more than one line, the flag is a new line. To a list it adds.
  public mutating func apply(_ stage: String, _ key: String, to value: String?, from flag: String) throws(Failure) {
    guard let type = catalog[name: stage], type.isRepeatable || !uses(stage) else {
      return try change(try settable(stage, from: flag), key, to: value, from: flag, adds: true)
    }
    if let left = entries.first(where: { $0.name == stage && $0.isLeftOut }) {
      throw refusal(flag, "'\(stage)' is left out (\(left.location))", "leave out either \(flag) or --without \(stage)")
    }
    let off = type.isRepeatable ? nil : entries.first { $0.name == stage }
    var entry = Entry(.on, off?.stage ?? type.init(), at: off?.location ?? Location(file: flag))
    entry.given = []
    do throws(WordError) {
      try entry.set(key, value, ValueContext(directory: "."), adds: true)
    } catch {
      throw refusal(flag, error.message, error.fix)
    }
    place(entry)
  }

  /// Adds a line, as `--with 'STAGE key=value'` does. A line of the file that is off is switched on at its place and
  /// takes the options. A stage that the file doesn't have comes last, or above the first that must stand below it.
  public mutating func add(_ line: String, from option: String) throws(Failure) {
    var parser = ConfigurationParser(catalog: catalog, host: host)
    try parser.read(line, from: option, over: entries.filter { $0.mode == .off })
    guard let added = parser.entries.first else { return }
    if type(of: added.stage).isRepeatable { return place(added) }
    if let used = entries.first(where: { $0.name == added.name && $0.mode != .off }) {
      throw refusal(
        option, "'\(added.name)' is there already (\(used.location))", "change it with --set \(added.name).KEY=VALUE")
    }
    place(added)
  }

  /// Puts a line in: for one that is off, else where the file's order allows it. Lines of a repeatable stage come one
  /// below the other.
  private mutating func place(_ added: Entry) {
    if type(of: added.stage).isRepeatable {
      if let last = entries.lastIndex(where: { $0.name == added.name }) {
        entries.insert(added, at: last + 1)
        return
      }
    } else if let index = entries.firstIndex(where: { $0.name == added.name }) {
      entries[index] = added
      return
    }
    // What it belongs to comes before all that is made in it.
    let isFirst = added.stage.namespaces.contains(.user)
    let below = entries.firstIndex {
      $0.mode != .off && (isFirst || type(of: $0.stage).standsBelow(type(of: added.stage)))
    }
    entries.insert(added, at: below ?? entries.endIndex)
  }

  /// Switches a stage off, as `--without STAGE` does.
  public mutating func remove(_ stage: String, from option: String) throws(Failure) {
    _ = try index(of: stage, from: option)
    for index in entries.indices where entries[index].name == stage {
      (entries[index].mode, entries[index].isLeftOut) = (.off, true)
    }
  }

  /// The line that is used, or else the one that is off.
  private func index(of stage: String, from option: String) throws(Failure) -> Int {
    if let index = entries.firstIndex(where: { $0.name == stage && $0.mode != .off }) { return index }
    if let index = entries.firstIndex(where: { $0.name == stage }) { return index }
    guard catalog[name: stage] != nil else {
      let (hint, fix) = catalog.answer(to: stage)
      throw refusal(option, "unknown stage '\(shortened(stage))'" + hint, fix)
    }
    throw refusal(option, "'\(stage)' isn't in \(name)", "add --with \(stage)")
  }

  private func refusal(_ option: String, _ message: String, _ fix: String?) -> Failure {
    var failure = Failure(message, fix: fix)
    failure.location = Location(file: option)
    return failure
  }
}
