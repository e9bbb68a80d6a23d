internal import SystemPackage

/// Finds what of that on which littlectr relies could be changed from inside, and how it is covered.
struct ReachPlan {
  /// A directory of the host's that is found in the container: what a line binds, or what is mounted below that.
  private struct Opening {
    let exposure: Int
    /// The names that lead to it from what the line binds.
    let names: [[UInt8]]
    let spot: HostSpot
  }

  /// Why the container is refused.
  struct Refusal: Error {
    let entry: Int
    let failure: Failure
  }

  let container: Container
  /// Whether what is mounted stays as it is.
  private let isHeld: Bool
  private let exposures: [Exposure]
  private var ways: HostWays
  private var table: MountPoints?
  private var openings: [Opening] = []
  private var places: [FileIdentity: [Int]] = [:]
  private(set) var covered: [CoveredPlaces]
  /// The directories that are made, to be covered.
  private(set) var made: [(path: FilePath, entry: Int)] = []
  private(set) var warnings: [String] = []

  /// - Throws: what can be changed from inside, and can't be covered.
  init(_ container: Container) throws(Refusal) {
    (self.container, isHeld) = (container, container.keepsMounts)
    // Without a root of its own it has all of the host's files, as `explain` says.
    exposures = container.root == nil ? [] : container.reach.exposures
    covered = Array(repeating: CoveredPlaces(), count: exposures.count)
    ways = HostWays(container.host)
    try open()
    if openings.isEmpty { return }
    let found = container.relied(&ways, isHeld: isHeld)
    for (reliance, way) in found { cover(reliance, way) }
    coverInside(found)
    // What is made is covered, and may hold what is refused otherwise.
    for isRefused in [false, true] {
      for (reliance, way) in found where !way.rest.isEmpty && (reliance.absence == .refused) == isRefused {
        try coverAbsent(reliance, way)
      }
    }
    for (reliance, way) in found { try check(reliance, way) }
    try checkHold()
  }

  private mutating func open() throws(Refusal) {
    for (index, exposure) in exposures.enumerated() {
      // What is written to a root with a layer over it goes there.
      if exposure.place == "/", container.rootIsCovered { continue }
      if exposure.isReadOnly, isHeld { continue }
      let way = ways.way(to: exposure.source)
      guard way.rest.isEmpty, way.end.identities.last != nil else { continue }
      // A file is no root, as the step that opens it says.
      if exposure.place == "/", way.end.found?.isDirectory != true { continue }
      if let seen = exposure.found?.identity, let now = way.end.found?.identity, seen != now, !exposure.isReadOnly {
        let opening = Opening(exposure: index, names: [], spot: way.end)
        throw refusal(opening, ReachAdvice.exchanged.filled(["path": exposure.source.text]), exposure.source, "")
      }
      open(Opening(exposure: index, names: [], spot: way.end))
      guard exposure.isRecursive, way.end.found?.isDirectory == true else { continue }
      for names in mounts().writable(below: way.end.names) {
        let mount = ways.way(to: HostWays.path((way.end.names + names)[...]))
        if mount.rest.isEmpty { open(Opening(exposure: index, names: names, spot: mount.end)) }
      }
    }
  }

  /// The host's table of mounts, which is read once.
  private mutating func mounts() -> MountPoints {
    let known = table ?? MountPoints((try? container.host.contents(of: "/proc/self/mountinfo")) ?? [])
    table = known
    return known
  }

  private mutating func open(_ opening: Opening) {
    guard let identity = opening.spot.identities.last ?? nil else { return }
    places[identity, default: []].append(openings.count)
    openings.append(opening)
  }

  /// The openings through which a spot is reached, each with the names that lead there from it, and how many lead to it.
  ///
  /// - Parameter isBelow: whether the spot itself isn't meant.
  private func reaching(_ spot: HostSpot, isBelow: Bool = false) -> [(opening: Opening, names: ArraySlice<[UInt8]>)] {
    var found: [(Opening, ArraySlice<[UInt8]>)] = []
    for index in spot.identities.indices where !isBelow || index + 1 < spot.identities.count {
      guard let identity = spot.identities[index], let here = places[identity] else { continue }
      for opening in here { found.append((openings[opening], spot.names[index...])) }
    }
    return found
  }

  private mutating func cover(_ reliance: Reliance, _ way: HostWay) {
    for link in way.links {
      for (opening, names) in reaching(link) { add(opening, names, link, .pinned, reliance.what) }
    }
    guard way.rest.isEmpty else { return }
    // What is the bound directory itself can't be renamed from there.
    let isPlace = reliance.extent == .place
    for (opening, names) in reaching(way.end, isBelow: isPlace) {
      add(opening, names, way.end, reliance.kind, reliance.what)
      if names.isEmpty, opening.names.isEmpty, reliance.kind == .readOnly { warn(opening, reliance) }
    }
  }

  /// Covers a place, and pins what is on the way there.
  private mutating func add(
    _ opening: Opening, _ names: ArraySlice<[UInt8]>, _ spot: HostSpot?, _ kind: CoveredPlaces.Kind, _ what: String
  ) {
    let whole = opening.names + names
    for count in opening.names.count..<max(whole.count, opening.names.count) where count > 0 {
      let depth = (spot?.identities.count ?? 0) - (whole.count - count) - 1
      let identity = spot.flatMap { $0.identities.indices.contains(depth) ? $0.identities[depth] : nil }
      let parent = CoveredPlaces.Place(
        names: Array(whole[..<count]), kind: .pinned, identity: identity, what: "", spot: nil)
      add(parent, to: opening.exposure)
    }
    let place = CoveredPlaces.Place(
      names: whole, kind: kind, identity: spot?.identities.last ?? nil, what: what, spot: spot)
    add(place, to: opening.exposure)
  }

  private mutating func add(_ place: CoveredPlaces.Place, to exposure: Int) {
    if place.names.isEmpty, place.kind == .pinned { return }
    // What a line below mounts there hides it, and is a mount itself.
    let (bound, inside) = (exposures[exposure].place, exposures[exposure].inside(place.names))
    if !place.names.isEmpty,
      let nearest = container.placed.placeHolding(inside, after: exposures[exposure].entry),
      nearest.count > bound.bytes.count
    {
      return
    }
    covered[exposure].add(place)
  }

  /// Covers what is bound from within a directory that is relied on.
  private mutating func coverInside(_ found: [(Reliance, HostWay)]) {
    var trees: [FileIdentity: Reliance] = [:]
    for (reliance, way) in found where reliance.extent != .place && !reliance.isFile && way.rest.isEmpty {
      guard let identity = way.end.identities.last ?? nil else { continue }
      if trees[identity]?.kind != .readOnly { trees[identity] = reliance }
    }
    for opening in openings where exposures[opening.exposure].place != "/" {
      for (index, identity) in opening.spot.identities.dropLast().enumerated() {
        guard let identity, let reliance = trees[identity] else { continue }
        // Of a directory whose entries count, its directories don't.
        let isEntry = index == opening.spot.identities.count - 2 && opening.spot.found?.isDirectory == false
        if reliance.extent == .entries, !isEntry { continue }
        add(opening, [], opening.spot, .readOnly, reliance.what)
        if opening.names.isEmpty { warn(opening, reliance) }
        break
      }
    }
  }

  private mutating func warn(_ opening: Opening, _ reliance: Reliance) {
    let text = "\(exposures[opening.exposure].source.text) is, or lies in, \(reliance.what): it can only be read"
    if !warnings.contains(text) { warnings.append(text) }
  }

  /// Has made, or refuses, what isn't there and could be made from inside.
  private mutating func coverAbsent(_ reliance: Reliance, _ way: HostWay) throws(Refusal) {
    guard reliance.absence != .ignored else { return }
    guard container.mayChange(way.end.found) else {
      // Nothing can be made in it; but where its own directory can be changed, another could be put in its place.
      for (opening, names) in reaching(way.end) { add(opening, names, way.end, .pinned, reliance.what) }
      return
    }
    for (opening, names) in reaching(way.end) where !mounts().isReadOnly(at: way.end.names) {
      let places = covered[opening.exposure]
      if places.holdsStill(opening.names + names) || places.isReadOnly(opening.names + names + way.rest) { continue }
      if exposures[opening.exposure].isReadOnly {
        loosen(opening.exposure, reliance.path, reliance.what)
        continue
      }
      if reliance.absence == .refused {
        throw refusal(
          opening, reliance.isFile ? ReachAdvice.absentFile : ReachAdvice.absent, reliance.path, reliance.what)
      }
      if reliance.absence == .made {
        for count in 1...way.rest.count {
          let path = HostWays.path((way.end.names + way.rest[..<count])[...])
          if !made.contains(where: { $0.path == path }) { made.append((path, exposures[opening.exposure].entry)) }
        }
      }
      add(opening, names, way.end, .pinned, "")
      add(opening, names + way.rest, nil, reliance.kind, reliance.what)
    }
  }

  /// Refuses a file that could be written by another of its names.
  private mutating func check(_ reliance: Reliance, _ way: HostWay) throws(Refusal) {
    guard reliance.isFile, way.rest.isEmpty, let found = way.end.found, !found.isDirectory, found.links > 1,
      container.mayChange(found),
      let opening = openings.first(where: { ($0.spot.identities.last ?? nil)?.device == found.device })
    else { return }
    // Of /usr/bin/perl both lie in /usr/bin.
    if reaching(way.end).isEmpty, ways.namesBeside(way.end) >= found.links { return }
    if exposures[opening.exposure].isReadOnly { return loosen(opening.exposure, way.end.path, reliance.what) }
    let advice = ReachAdvice.linked.filled(["count": String(found.links)])
    throw refusal(opening, advice, way.end.path, reliance.what)
  }

  /// Refuses a container in which what is covered could be uncovered.
  private mutating func checkHold() throws(Refusal) {
    for (index, places) in covered.enumerated() {
      guard let first = places.ordered.last(where: { !$0.what.isEmpty }) else { continue }
      let source = openings.first { $0.exposure == index }?.spot.path ?? exposures[index].source
      let path = first.names.isEmpty ? source : source.pushing(HostWays.below(first.names))
      let opening = Opening(exposure: index, names: [], spot: HostSpot(identities: []))
      if exposures[index].isReadOnly {
        covered[index] = CoveredPlaces()
        loosen(index, path, first.what)
      } else if exposures[index].place == "/", places.places.contains(where: { $0.names.isEmpty }) {
        throw refusal(opening, ReachAdvice.isRoot, path, first.what)
      } else if !isHeld {
        throw refusal(opening, ReachAdvice.loose, path, first.what)
      }
    }
  }

  /// Says that root inside could make something writable that a line makes read-only.
  private mutating func loosen(_ exposure: Int, _ path: FilePath, _ what: String) {
    let start = "root inside could make \(exposures[exposure].place.text) writable"
    if warnings.contains(where: { $0.begins(with: start) }) { return }
    warnings.append(
      "\(start), and change \(path.lexicallyNormalized().text), \(what): switch capabilities and seccomp on")
  }

  private func refusal(_ opening: Opening, _ advice: Advice, _ path: FilePath, _ what: String) -> Refusal {
    let exposure = exposures[opening.exposure]
    let source = openings.first { $0.exposure == opening.exposure }?.spot.path ?? exposure.source
    return Refusal(
      entry: exposure.entry,
      failure: Failure(
        "\(quoted(source)) can't be writable inside",
        advice.filled(["thing": path.lexicallyNormalized().text, "what": what])))
  }
}
