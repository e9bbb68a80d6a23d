import Foundation
import SystemPackage
import Testing

@testable import Kernel
@testable import Pipeline
@testable import Seccomp

/// The cache of compiled filters, in a directory of the test's own.
struct FilterCacheTests {
  private let allowing = CompiledFilter(FilterCode([0x7fff_0000_0000_0006]), unknown: ["one", "two"])
  private let key = FilterKey(["a key", "of lines"])

  private func withCache(_ body: (String, Pipeline.Host) throws -> Void) throws {
    let place = FileManager.default.temporaryDirectory.appendingPathComponent("filters-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    chmod(place, 0o755)
    defer { try? FileManager.default.removeItem(atPath: place) }
    try body(place, host(place))
  }

  private func host(_ cache: String?, home: String? = nil) -> Pipeline.Host {
    let current = Pipeline.Host.current
    return Pipeline.Host(
      userID: geteuid(), groupID: getegid(), read: { path throws(Errno) in try current.contents(of: path) },
      look: { current.status(of: $0) },
      environment: { (["XDG_CACHE_HOME": cache, "HOME": home][$0] ?? nil).map { Array($0.utf8) } })
  }

  private func keep(_ filter: CompiledFilter, _ host: Pipeline.Host, _ place: String) throws {
    try Step.keep(filter, for: key, in: FilePath(place + "/littlectr"), of: host).perform()
  }

  @Test func whatIsKeptIsFound() throws {
    try withCache { place, host in
      #expect(FilterCache(host).look(key) == .missing(directory: FilePath(place + "/littlectr")))
      try keep(allowing, host, place)
      #expect(FilterCache(host).look(key) == .found(allowing))
      #expect(FilterCache(host).look(FilterKey(["a key", "of line"])) != .found(allowing))
      #expect(try FileManager.default.contentsOfDirectory(atPath: place + "/littlectr") == [key.fileName])
      var status = stat()
      #expect(stat(place + "/littlectr", &status) == 0 && status.st_mode & 0o7777 == 0o700)
      #expect(stat(place + "/littlectr/" + key.fileName, &status) == 0 && status.st_mode & 0o7777 == 0o600)
    }
  }

  @Test func whatIsntWholeIsntUsedAndMadeAgain() throws {
    try withCache { place, host in
      try keep(allowing, host, place)
      let file = place + "/littlectr/" + key.fileName
      let whole = try Data(contentsOf: URL(fileURLWithPath: file))
      for count in 0..<whole.count {
        try whole.prefix(count).write(to: URL(fileURLWithPath: file))
        #expect(FilterCache(host).look(key) == .missing(directory: FilePath(place + "/littlectr")), "\(count)")
      }
      for index in whole.indices {
        var changed = whole
        changed[index] ^= 1
        try changed.write(to: URL(fileURLWithPath: file))
        #expect(FilterCache(host).look(key) == .missing(directory: FilePath(place + "/littlectr")), "\(index)")
      }
      try (whole + [0]).write(to: URL(fileURLWithPath: file))
      #expect(FilterCache(host).look(key) != .found(allowing))
      try keep(allowing, host, place)
      #expect(FilterCache(host).look(key) == .found(allowing))
    }
  }

  @Test func whatOthersCanWriteIsntUsed() throws {
    try withCache { place, host in
      try keep(allowing, host, place)
      let (directory, file) = (place + "/littlectr", place + "/littlectr/" + key.fileName)
      for mode: mode_t in [0o620, 0o602, 0o622] {
        chmod(file, mode)
        #expect(FilterCache(host).look(key) != .found(allowing), "\(mode)")
      }
      chmod(file, 0o600)
      for mode: mode_t in [0o720, 0o702, 0o777] {
        chmod(directory, mode)
        guard case .none(let reason) = FilterCache(host).look(key) else {
          Issue.record("it is used with mode \(mode)")
          continue
        }
        #expect(reason.contains("others can write it"))
      }
    }
  }

  @Test func linksAreNotFollowed() throws {
    try withCache { place, host in
      try keep(allowing, host, place)
      let file = place + "/littlectr/" + key.fileName
      #expect(rename(file, file + ".moved") == 0 && symlink(file + ".moved", file) == 0)
      #expect(FilterCache(host).look(key) != .found(allowing))
      try keep(allowing, host, place)
      #expect(FilterCache(host).look(key) == .found(allowing), "the link is replaced")
      #expect(rename(place + "/littlectr", place + "/other") == 0)
      #expect(symlink(place + "/other", place + "/littlectr") == 0)
      guard case .none = FilterCache(host).look(key) else {
        Issue.record("the directory's link is followed")
        return
      }
    }
  }

  @Test func whatIsInTheWayIsNoFailure() throws {
    try withCache { place, host in
      let file = place + "/littlectr/" + key.fileName
      for made in [file, file + ".new"] {
        try FileManager.default.createDirectory(atPath: made, withIntermediateDirectories: true)
        chmod(place + "/littlectr", 0o700)
        try keep(allowing, host, place)
        #expect(FilterCache(host).look(key) != .found(allowing))
        rmdir(made)
      }
      // What a run that was killed left behind.
      try Data("half".utf8).write(to: URL(fileURLWithPath: file + ".new"))
      try keep(allowing, host, place)
      #expect(FilterCache(host).look(key) == .found(allowing))
      try keep(allowing, self.host("/dev/null"), "/dev/null")
      try keep(allowing, self.host("/proc"), "/proc")
    }
  }

  @Test func withoutAHomeThereIsNone() {
    #expect(FilterCache(host(nil)).look(key) != .found(allowing))
    let nowhere = FilterCache(host(nil, home: "relative"))
    #expect(nowhere.look(key) != .found(allowing))
  }

  /// HOME may be somebody else's: sudo(8) can leave it as it is.
  @Test func anotherUsersHomeIsLeftAlone() throws {
    try withCache { place, _ in
      let current = Pipeline.Host.current
      let own = place + "/own"
      try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
      let host = Pipeline.Host(
        userID: geteuid(), groupID: getegid(),
        read: { path throws(Errno) in
          if path != "/etc/passwd" { throw .noSuchFileOrDirectory }
          return Array("me:x:\(geteuid()):0::\(own):/bin/sh\n".utf8)
        },
        look: { path in
          var found = current.status(of: path)
          if path.string == place + "/theirs" { found = Pipeline.Host.Found(mode: 0o040755, userID: geteuid() + 1) }
          return found
        }, environment: { $0 == "HOME" ? Array((place + "/theirs").utf8) : nil })
      #expect(FilterCache(host).look(key) == .missing(directory: FilePath(own + "/.cache/littlectr")))
    }
  }

  @Test func theNamesAreFew() {
    let names = Set((0..<4000).map { FilterKey(["\($0)"]).fileName })
    #expect(names.count == 64, "each of them is used, and there are no more")
    #expect(names.allSatisfy { $0.hasPrefix("filter-") && $0.count == 9 })
  }
}

extension FilterCache {
  /// What is kept, whatever it says.
  fileprivate func look(_ key: FilterKey) -> KeptFilter { look(key) { _ in true } }
}
