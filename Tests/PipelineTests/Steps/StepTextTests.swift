import SystemPackage
import Testing

@testable import Pipeline

/// What steps print is what strace would. Those that no built-in stage uses are here too, since they are public.
struct StepTextTests {
  private let handle = Handle("a")
  private let other = Handle("b")

  @Test("steps on files print what strace would")
  func files() {
    #expect(
      Step.openDirectory("/a \"b\"", into: handle).text
        == #"openat(AT_FDCWD, "/a \"b\"", O_RDONLY|O_CLOEXEC|O_PATH|O_DIRECTORY) = <a>"#)
    #expect(Step.changeDirectory(to: "/").text == #"chdir("/")"#)
    #expect(Step.changeDirectory(to: handle).text == "fchdir(<a>)")
    let write = Step.write("0 1 2\n", toChild: ChildID(), "uid_map")
    #expect(write.text.split(separator: "\n").count == 3)
    #expect(write.headline == #"write("/proc/<child>/uid_map", "0 1 2\n", 6)"#)
  }

  @Test("steps on mounts print what strace would")
  func mounts() {
    #expect(
      Step.setPropagation(.slave, of: "/", recursively: true).text == #"mount(NULL, "/", NULL, MS_REC|MS_SLAVE, NULL)"#)
    #expect(
      Step.setPropagation(.shared, of: "/mnt", recursively: false).text
        == #"mount(NULL, "/mnt", NULL, MS_SHARED, NULL)"#)
    #expect(
      Step.setAttributes([], propagation: .private, of: handle).text
        == #"mount_setattr(<a>, "", AT_EMPTY_PATH|AT_RECURSIVE, {attr_set=0, attr_clr=0, propagation=MS_PRIVATE, userns_fd=0}, 32)"#
    )
    #expect(
      Step.attach(handle, over: other).text
        == #"move_mount(<a>, "", <b>, "", MOVE_MOUNT_F_EMPTY_PATH|MOVE_MOUNT_T_EMPTY_PATH)"#)
    #expect(Step.configure(handle, "k", "v").text == #"fsconfig(<a>, FSCONFIG_SET_STRING, "k", "v", 0)"#)
    #expect(Step.detach(".").text == #"umount2(".", MNT_DETACH)"#)
    #expect(Step.changeRoot(".").text == #"chroot(".")"#)
    #expect(Step.pivotRoot().text == #"pivot_root(".", ".")"#)
  }

  @Test("steps on processes print what strace would")
  func processes() {
    #expect(Step.setHostname("ü").text == #"sethostname("ü", 2)"#)
    #expect(Step.setGroups([1, 20]).text == "setgroups(2, [1, 20])")
    #expect(Step.setGroups([]).text == "setgroups(0, [])")
    let container = Container(command: [], host: FakeHost().host)
    let programs = [HostProgram("/bin/x", ["1", "2"]), HostProgram("/bin/y", [])]
    #expect(Step.run(programs, for: ChildID(), in: container).text == "/bin/x <child> 1 2\n/bin/y <child> ")
  }

  @Test func theTextIsMadeOnlyWhenItIsRead() {
    let step = Step("never read \(fatal())") { () throws(Errno) in }
    #expect(step.remark == nil)
    #expect(step.remark("x").advice(.busy, "y").headline("z").headline == "z")
  }

  private func fatal() -> String { fatalError("the text was made") }

  @Test func aStepAnswersWhatTheKernelDoes() {
    #expect(throws: Errno.badFileDescriptor) { try Step.changeDirectory(to: Handle("empty")).perform() }
    #expect(throws: Errno.noSuchFileOrDirectory) {
      try Step.openDirectory("/gone/gone", into: Handle("x")).perform()
    }
    let directory = Handle("tmp")
    #expect(throws: Never.self) { try Step.openDirectory("/", into: directory).perform() }
    #expect(directory.descriptor.rawValue > 2)
    try? directory.descriptor.close()
  }

  @Test func theFirstAdviceThatFindsACauseIsTold() throws {
    let step = Step.noting("x").advice(.busy) { _ in nil }.advice(.busy, why: "w", "first").advice(.busy, "second")
    struct One: IsolationStage {
      static let name = "one"
      static let help = "Lists one step."
      var steps: [Step] = []
      init() {}
      func inChild(_ container: Container) -> [Step] { steps }
    }
    var one = One()
    one.steps = [step]
    let container = Container(command: [], host: FakeHost().host)
    let plan = try Plan([Entry(.on, one, at: Location(file: "f", line: 1))], container)
    #expect(plan.failure("x", .busy)?.text == "littlectr: one (f:1): x: EBUSY\n  why  w\n  fix  first")
    #expect(
      plan.failure("x", .ioError)?.text.hasPrefix("littlectr: one (f:1): x: EIO\n  why  the device or file") == true)
  }
}

extension Errno {
  fileprivate static var busy: Errno { .resourceBusy }
}
