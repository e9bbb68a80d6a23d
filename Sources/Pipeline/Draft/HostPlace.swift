public import SystemPackage

/// A file or directory of the host's that a stage has put into the root. Below it nothing is made, replaced or removed
/// by littlectr: that would happen on the host.
public struct HostPlace: Sendable {
  /// Where it is in the container.
  public let path: FilePath
  /// Where it is on the host.
  public let source: FilePath
}

/// What stages have put into the root, by its path, and whose it is.
public struct PlacedThings: Sendable {
  private struct Thing {
    let path: [UInt8]
    let hash: UInt64
    /// Nil for what isn't the host's.
    let place: HostPlace?
    /// The index of the line that has put it there.
    let entry: Int
  }

  /// The last of a path holds.
  private var things: [Thing] = []
  /// Once there are many: the number of a path's last thing, from 1 on, at its hash or in the slots that follow; 0 for none.
  /// A table of our own: a dictionary's type costs more to make than most containers have to look up.
  private var slots: [UInt32] = []

  private static let few = 16

  mutating func put(_ source: FilePath?, at path: FilePath, by entry: Int = 0) {
    let bytes = path.bytes
    let place = source.map { HostPlace(path: path, source: $0) }
    things.append(Thing(path: bytes, hash: Self.hash(bytes[...]), place: place, entry: entry))
    if things.count <= Self.few { return }
    if 2 * things.count <= slots.count { return enter(things.count - 1) }
    slots = [UInt32](repeating: 0, count: 4 * Self.few)
    while slots.count < 4 * things.count { slots += slots }
    for index in things.indices { enter(index) }
  }

  private mutating func enter(_ index: Int) {
    slots[slot(of: things[index].path[...], things[index].hash)] = UInt32(index + 1)
  }

  /// Where a path is, or would be; there is always a free slot.
  private func slot(of path: ArraySlice<UInt8>, _ hash: UInt64) -> Int {
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let thing = things[Int(slots[slot]) - 1]
      if thing.hash == hash, thing.path[...] == path { break }
      slot = (slot + 1) & (slots.count - 1)
    }
    return slot
  }

  private func find(_ path: ArraySlice<UInt8>) -> Int? {
    let hash = Self.hash(path)
    if slots.isEmpty { return things.lastIndex { $0.hash == hash && $0.path[...] == path } }
    let number = slots[slot(of: path, hash)]
    return number == 0 ? nil : Int(number) - 1
  }

  private static func hash(_ path: ArraySlice<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in path { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    return hash ^ hash >> 32
  }

  /// What of the host's a path of the container's is, or lies in; nil if it is the container's own.
  public func hostPlace(of path: FilePath) -> HostPlace? { things.isEmpty ? nil : nearest(path.bytes) ?? nil }

  func isOwn(_ path: FilePath) -> Bool {
    // Inside an optional: nothing was put there at all.
    guard !things.isEmpty, case .some(.none) = nearest(path.bytes) else { return false }
    return path != "/"
  }

  /// The longest path at which a line below another one has put something, and that a path is or lies in; nil if there is
  /// none. What a line above has put there is hidden by then.
  func placeHolding(_ path: FilePath, after entry: Int) -> [UInt8]? {
    var rest = path.bytes
    while !things.isEmpty, let thing = nearestThing(rest) {
      if thing.entry > entry { return thing.path }
      if thing.path.count <= 1 { return nil }
      rest = FilePath.parent(of: thing.path)
    }
    return nil
  }

  private func nearest(_ path: [UInt8]) -> HostPlace?? { nearestThing(path).map { $0.place } }

  private func nearestThing(_ path: [UInt8]) -> Thing? {
    var end = path.count
    while true {
      if let index = find(path[..<end]) { return things[index] }
      if end <= 1 { return nil }
      end = max(path[..<end].lastIndex(of: UInt8(ascii: "/")) ?? 1, 1)
    }
  }
}

/// A directory of the root in which lines that follow each other make their places. The second one holds it open, so that all
/// others find it so.
public struct HeldParent: Sendable {
  /// The directory.
  public let path: FilePath
  /// What holds it.
  public let handle: Handle
  /// How many lines there are so far.
  public let lines: Int
  /// What the line above held open, and nobody needs any more; with its path.
  public let left: (path: FilePath, handle: Handle)?

  /// A directory.
  public init(_ path: FilePath, _ handle: Handle, lines: Int, left: (path: FilePath, handle: Handle)? = nil) {
    (self.path, self.handle, self.lines, self.left) = (path, handle, lines, left)
  }
}

extension Container {
  /// Records what a stage put at a path: the host's `source`, or with nil something of the container's own.
  public mutating func put(_ source: FilePath?, at path: FilePath) {
    placed.put(source, at: path, by: reach.entry)
  }

  /// Whether a path of the container's lies in what a stage has mounted there of the container's own.
  public func isOwnPlace(_ path: FilePath) -> Bool { placed.isOwn(path) }

  /// What of the host's a path of the container's is, or lies in; nil if it is the container's own.
  public func hostPlace(of path: FilePath) -> HostPlace? { placed.hostPlace(of: path) }
}
