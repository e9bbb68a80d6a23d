import PipelineTesting
import Stages

@testable import Pipeline
@testable import Stages

extension FuzzTarget {
  /// /etc/subuid and, after `----`, /etc/subgid: no id is given twice, and none that the kernel doesn't have.
  static let subordinates = FuzzTarget(name: "subordinates") { bytes in
    let (users, groups) = halves(bytes)
    for name in ["ada", nil] {
      let ranges = SubordinateIDs.parse(users, name: name.map { Array($0.utf8) }, id: 1000, own: 1000).ranges
      try promiseApart(ranges.map { ($0.start, $0.count) } + [(1000, 1)])
    }
    var machine = FakeHost.usual
    machine.write(users, to: "/etc/subuid")
    machine.write(groups, to: "/etc/subgid")
    let map = try accepted(isPlaced: false) { () throws(Failure) in try SubordinateIDs.map(machine.host) }
    guard let (map, _) = map else { return }
    for ranges in [map.users, map.groups] {
      try promiseApart(ranges.map { ($0.inside, $0.count) })
      try promise(ranges.count <= 340 && ranges.reduce(0) { $0 + $1.line.utf8.count } < 4096, "the map is too long")
      try promise(ranges[0] == IDMap.Range(inside: 0, outside: 1000, count: 1), "root inside isn't the caller")
    }
    try promise(map.hasUser(outside: 1000), "the caller has no id inside")
  }

  /// Whether ranges of ids have no id in common, and none beyond the last that there is.
  private static func promiseApart(_ ranges: [(start: UInt32, count: UInt32)]) throws {
    let sorted = ranges.sorted { $0.start < $1.start }
    for (index, range) in sorted.enumerated() {
      let end = UInt64(range.start) + UInt64(range.count)
      try promise(range.count > 0 && end <= UInt64(UInt32.max), "\(range)")
      if index + 1 < sorted.count { try promise(end <= UInt64(sorted[index + 1].start), "\(sorted) overlap") }
    }
  }
}
