/// The places below what a line binds that are covered, by the names that lead there.
struct CoveredPlaces {
  /// How a place is covered.
  enum Kind: Int {
    /// By itself: it is a mount then, which can't be renamed or removed.
    case pinned
    /// By itself, and what lies directly in it can't be changed; its directories can.
    case entries
    /// By itself, read-only.
    case readOnly
  }

  struct Place {
    let names: [[UInt8]]
    var kind: Kind
    /// What must be there; nil for what a step makes.
    var identity: FileIdentity?
    /// What it is, as a phrase; empty for a directory on the way.
    var what: String
    /// Where it is on the host.
    var spot: HostSpot?
  }

  private(set) var places: [Place] = []
  var isEmpty: Bool { places.isEmpty }

  mutating func add(_ place: Place) {
    guard let index = places.firstIndex(where: { $0.names == place.names }) else { return places.append(place) }
    if place.kind.rawValue > places[index].kind.rawValue {
      (places[index].kind, places[index].what, places[index].spot) = (place.kind, place.what, place.spot)
    }
  }

  /// Whether nothing can be made directly in a directory.
  func holdsStill(_ names: [[UInt8]]) -> Bool {
    places.contains { place in
      switch place.kind {
      case .pinned: false
      case .entries: place.names == names
      case .readOnly: names.starts(with: place.names)
      }
    }
  }

  /// Whether a place is read-only itself.
  func isReadOnly(_ names: [[UInt8]]) -> Bool {
    places.contains { $0.kind == .readOnly && names.starts(with: $0.names) }
  }

  /// What has to be done, in order: what lies in something read-only is so already, and so is what lies directly in a
  /// directory whose entries count, but for its directories, which are mounts then.
  var ordered: [Place] {
    let needed = places.filter { place in
      !places.contains { other in
        guard other.names.count < place.names.count, place.names.starts(with: other.names) else { return false }
        return other.kind == .readOnly
          || other.kind == .entries && place.kind != .entries && other.names.count == place.names.count - 1
      }
    }
    return needed.sorted { $0.names.count < $1.names.count }
  }
}
