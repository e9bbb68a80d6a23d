public import SystemPackage

/// Something of the host's that a container is made from, or that runs outside of one: a later run takes it as it is then.
/// So nothing that runs inside may change it, nor what its path leads to.
public struct Reliance: Sendable {
  /// How much at the path counts.
  public enum Extent: Sendable {
    /// A file.
    case file
    /// A program that runs outside, or a file that one gets: with what its first line names, if it is a script.
    case program
    /// All in a directory, and below it.
    case tree
    /// The same, and what the links directly in it lead to.
    case settings
    /// What lies directly in a directory, under any name; what lies in its other directories doesn't.
    case entries
    /// What the path leads to, and nothing in there.
    case place
  }

  /// What is to be done about a path at which nothing is, and where something could be made from inside.
  public enum Absence: Sendable {
    /// An empty directory is made, which can be covered: it is one of littlectr's own.
    case made
    /// A step of the stage's makes it before there is a child.
    case madeByStep
    /// The container is refused.
    case refused
    /// Nothing: nobody looks there.
    case ignored
  }

  /// Where it is.
  public let path: FilePath
  /// How much there counts.
  public let extent: Extent
  /// What it is, as a phrase.
  public let what: String
  /// What is to be done if nothing is there.
  public let absence: Absence

  /// Whether it is one file.
  var isFile: Bool { extent == .file || extent == .program }

  /// How it is covered.
  var kind: CoveredPlaces.Kind {
    switch extent {
    case .place: .pinned
    case .entries: .entries
    case .file, .program, .tree, .settings: .readOnly
    }
  }

  /// Something that is relied on.
  public init(_ path: FilePath, _ extent: Extent, _ what: String, ifAbsent absence: Absence = .ignored) {
    (self.path, self.extent, self.what, self.absence) = (path, extent, what, absence)
  }
}

/// A directory or file of the host's that what runs inside can write to, or could after a change to its mount.
struct Exposure: Sendable {
  /// Where it is on the host.
  let source: FilePath
  /// Where it is in the container.
  let place: FilePath
  /// Whether what is mounted below it comes along.
  let isRecursive: Bool
  /// Whether it is mounted read-only.
  let isReadOnly: Bool
  /// What was found there when the line was asked; nil if nothing.
  let found: Host.Found?
  /// The index of the line that brings it.
  let entry: Int

  /// The path in the container of what names lead to.
  func inside(_ names: [[UInt8]]) -> FilePath { names.isEmpty ? place : place.pushing(HostWays.below(names)) }
}

/// What stages have said of both.
struct Reach: Sendable {
  var exposures: [Exposure] = []
  var reliances: [Reliance] = []
  /// The index of the line that is being asked.
  var entry = 0
}

extension Container {
  /// Whether anything of the host's can be written inside. What is written to a root with a layer over it goes there.
  var isExposed: Bool {
    guard root != nil else { return false }
    let exposures = reach.exposures.filter { !(rootIsCovered && $0.place == "/") }
    return exposures.contains { !$0.isReadOnly } || !exposures.isEmpty && !keepsMounts
  }

  /// Says that what runs inside can write to what is at `source` on the host, by its path `place` in the container.
  ///
  /// What littlectr relies on there is covered, or the container is refused.
  ///
  /// - Parameters:
  ///   - found: what is at `source` now: what is mounted has to be that, as the step `check(_:is:at:)` sees to.
  ///   - readOnly: whether its mount is read-only, which matters only where root inside could lift that.
  public mutating func expose(
    _ source: FilePath, at place: FilePath, found: Host.Found? = nil, recursively: Bool = true, readOnly: Bool = false
  ) {
    reach.exposures.append(
      Exposure(
        source: source, place: place, isRecursive: recursively, isReadOnly: readOnly,
        found: found ?? host.status(of: source), entry: reach.entry))
  }

  /// What was found where the line that is asked exposes something, last.
  public var exposed: Host.Found? { reach.exposures.last { $0.entry == reach.entry }?.found }

  /// Says that a later run takes what is at a path of the host's as it is then, so that nothing inside may change it.
  public mutating func rely(
    on path: FilePath, _ extent: Reliance.Extent, as what: String, ifAbsent absence: Reliance.Absence = .ignored
  ) {
    reach.reliances.append(Reliance(path, extent, what, ifAbsent: absence))
  }
}
