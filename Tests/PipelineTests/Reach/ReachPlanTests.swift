import SystemPackage
import Testing

@testable import Pipeline

/// What of that on which littlectr relies is covered, where a line binds something writable.
struct ReachPlanTests {
  /// A home directory with a file of settings below.
  private var machine: FakeHost {
    var machine = FakeHost()
    let all: [(String, UInt32)] = [
      ("/", 0o040755), ("/home", 0o040755), ("/home/ada", 0o040755), ("/home/ada/src", 0o040755),
      ("/home/ada/src/own.conf", 0o100644),
    ]
    for (index, (path, mode)) in all.enumerated() {
      machine.found[path] = Host.Found(
        mode: mode, userID: index < 2 ? 0 : 1000, groupID: 1000, inode: UInt64(index + 1), device: 7)
    }
    return machine
  }

  private func container(_ machine: FakeHost, isHeld: Bool = true) -> Container {
    var container = Container(command: [Array("true".utf8)], host: machine.host)
    (container.root, container.namespaces) = (Handle("root"), [.user, .mount])
    if isHeld { (container.capabilities, container.allowsUserNamespaces) = (CapabilitySet(rawValue: 0), false) }
    container.rely(on: "/home/ada/src/own.conf", .file, as: "a file of this configuration")
    return container
  }

  private func plan(_ container: Container) -> Result<ReachPlan, ReachPlan.Refusal> {
    do throws(ReachPlan.Refusal) { return .success(try ReachPlan(container)) } catch { return .failure(error) }
  }

  private func texts(_ container: Container) throws -> [String] {
    try plan(container).get().covering.map(\.step.text)
  }

  @Test func aFileIsReadOnlyAndItsDirectoryPinned() throws {
    var container = container(machine)
    container.expose("/home/ada", at: "/work")
    let steps = try texts(container)
    #expect(steps.filter { $0.contains("openat2(") }.map { String($0.prefix { $0 != "\n" }) }.count == 3)
    #expect(steps.contains { $0.contains("\"src\"") } && steps.contains { $0.contains("\"src/own.conf\"") })
    #expect(steps.filter { $0.contains("MOUNT_ATTR_RDONLY") }.count == 1, "\(steps)")
  }

  /// By which path it is bound doesn't matter, only which directory it is.
  @Test func aPathOfAnotherNameIsTheSame() throws {
    var other = machine
    other.found["/alias"] = other.found["/home/ada/src"]
    var container = container(other)
    container.expose("/alias", at: "/work")
    #expect(try texts(container).contains { $0.contains("\"own.conf\"") })
  }

  @Test func whatLiesElsewhereTakesNoStep() throws {
    var other = machine
    other.add(directories: "/srv")
    var container = container(other)
    container.expose("/srv", at: "/work")
    #expect(try texts(container) == [])
  }

  /// Nothing can be made in it, but another could be put in its place.
  @Test func aDirectoryOfRootsInOneOfTheCallersIsPinned() throws {
    var other = machine
    other.found["/home/ada/.config"] = Host.Found(mode: 0o040755, userID: 0, inode: 50, device: 7)
    var container = container(other)
    container.rely(on: "/home/ada/.config/littlectr", .settings, as: "settings", ifAbsent: .made)
    container.expose("/home/ada", at: "/work")
    #expect(try texts(container).contains { $0.contains("\".config\"") })
    #expect(try plan(container).get().made.isEmpty)
  }

  /// The caller's subordinate ids are root's inside.
  @Test func whatASubordinateIDOwnsCouldBeMade() throws {
    var other = machine
    other.found["/home/ada/bin"] = Host.Found(mode: 0o040755, userID: 100_004, inode: 51, device: 7)
    var container = container(other)
    container.rely(on: "/home/ada/bin/hook", .file, as: "where a hook's program is looked for", ifAbsent: .refused)
    container.expose("/home/ada", at: "/work")
    guard case .failure(let refusal) = plan(container) else { throw Trouble("it isn't refused") }
    #expect(refusal.failure.why?.contains("could be made from inside") == true)
    #expect(refusal.failure.fix?.contains("make the file") == true)
  }

  /// A file whose names all lie in one directory that isn't in reach.
  @Test("hard links that lie in one directory out of reach are no second name")
  func namesBesideEachOtherAreNone() throws {
    var other = machine
    var perl = Host.Found(mode: 0o100755, userID: 1000, inode: 60, device: 7)
    perl.links = 2
    other.add(directories: "/opt/bin")
    for name in ["perl", "perl5"] { other.found["/opt/bin/\(name)"] = perl }
    func relying(_ names: [String]) -> Container {
      var host = other.host
      host.list = { _ in names.map { Array($0.utf8) } }
      var container = Container(command: [], host: host)
      (container.root, container.namespaces) = (Handle("root"), [.user, .mount])
      (container.capabilities, container.allowsUserNamespaces) = (CapabilitySet(rawValue: 0), false)
      container.rely(on: "/opt/bin/perl", .file, as: "the interpreter of a hook's program")
      container.expose("/home/ada", at: "/work")
      return container
    }
    #expect(try texts(relying(["perl", "perl5"])) == [])
    let linked = relying(["perl"])
    guard case .failure(let refusal) = plan(linked) else { throw Trouble("it isn't refused") }
    #expect(refusal.failure.why?.contains("has 2 names") == true)
  }

  @Test func whatIsAnotherThanTheLineHasFoundIsRefused() throws {
    var container = container(machine)
    let seen = Host.Found(mode: 0o040755, userID: 1000, inode: 77, device: 7)
    container.expose("/home/ada/src", at: "/work", found: seen)
    guard case .failure(let refusal) = plan(container) else { throw Trouble("it isn't refused") }
    #expect(refusal.failure.why?.contains("somebody has exchanged it") == true)
  }

  @Test func whereRootCouldTakeItOffItIsRefused() throws {
    var container = container(machine, isHeld: false)
    container.expose("/home/ada", at: "/work")
    guard case .failure(let refusal) = plan(container) else { throw Trouble("it isn't refused") }
    #expect(refusal.failure.why?.contains("nothing keeps root from taking off") == true)
  }

  @Test(arguments: [true, false]) func aReadOnlyMountMattersOnlyWhereRootCouldChangeIt(_ isHeld: Bool) throws {
    var container = container(machine, isHeld: isHeld)
    container.expose("/home/ada", at: "/work", readOnly: true)
    #expect(container.isExposed == !isHeld)
    let reach = try plan(container).get()
    #expect(reach.covering.isEmpty && reach.making.isEmpty)
    #expect(reach.warnings.map { $0.hasPrefix("root inside could make /work writable") } == (isHeld ? [] : [true]))
  }

  @Test func whatIsntThereIsMadeOrRefused() throws {
    var container = container(machine)
    container.expose("/home/ada", at: "/work")
    container.rely(on: "/home/ada/.config/littlectr", .settings, as: "where one is looked for", ifAbsent: .made)
    let reach = try plan(container).get()
    #expect(reach.making.map(\.step.text).map { $0.contains("/home/ada/.config") } == [true, true])
    #expect(reach.covering.contains { $0.step.text.contains("\".config/littlectr\"") })
    container.rely(on: "/home/ada/src/h", .file, as: "where a program is looked for", ifAbsent: .refused)
    guard case .failure(let refusal) = plan(container) else { throw Trouble("it isn't refused") }
    #expect(refusal.failure.why?.contains("/home/ada/src/h, where a program is looked for, isn't there") == true)
  }

  @Test func aSecondNameIsRefused() throws {
    var other = machine
    other.found["/home/ada/src/own.conf"]?.links = 2
    var container = container(other)
    container.expose("/home/ada", at: "/work")
    guard case .failure(let refusal) = plan(container) else { throw Trouble("it isn't refused") }
    #expect(refusal.failure.why?.contains("has 2 names") == true)
  }

  /// Landlock refuses to move mounts, and not to change them; the capability is for changing them; a namespace below has it.
  @Test("what keeps root inside from changing a mount: Landlock, the filter and lacking capabilities")
  func whatHoldsMounts() {
    var container = Container(command: [], host: machine.host)
    container.namespaces = [.user, .mount]
    #expect(!container.keepsMounts)
    container.mountsAreFixed = true
    #expect(!container.keepsMounts)
    container.capabilities = CapabilitySet(rawValue: 1 << 21)
    #expect(!container.keepsMounts)
    container.capabilities = CapabilitySet(rawValue: 1 << 2)
    #expect(container.keepsMounts)
    // The machine's root with that one opens any file by its number.
    container.namespaces = [.mount]
    #expect(!container.keepsMounts)
    (container.namespaces, container.mountsAreFixed) = ([.user, .mount], false)
    #expect(!container.keepsMounts)
    container.allowsUserNamespaces = false
    #expect(container.keepsMounts)
  }

  @Test func mountsBelowAreFoundByTheirNames() {
    let table = """
      20 1 8:1 / / rw,relatime - ext4 /dev/a rw
      21 20 8:2 / /home/a\\040b\\134 rw - ext4 /dev/b rw
      22 20 8:3 / /home/read ro,nosuid - ext4 /dev/c rw
      23 21 8:4 / /home/a\\040b\\134/deep rw - ext4 /dev/d rw
      24 20 8:5 / /home/whole rw - iso9660 /dev/e ro

      """
    let points = MountPoints(Array(table.utf8))
    func names(_ names: [String]) -> [[String]] {
      points.writable(below: names.map { Array($0.utf8) }).map { $0.map { String(decoding: $0, as: UTF8.self) } }
    }
    #expect(names(["home"]) == [["a b\\"], ["a b\\", "deep"]])
    #expect(names(["home", "a b\\"]) == [["deep"]])
    #expect(names(["home", "a"]) == [])
    for (place, isReadOnly) in [("home", false), ("home/read/x", true), ("home/reader", false), ("home/whole", true)] {
      #expect(points.isReadOnly(at: place.split(separator: "/").map { Array($0.utf8) }) == isReadOnly, "\(place)")
    }
  }

  private struct Trouble: Error {
    init(_ text: String) {}
  }
}
