import Glibc

/// A program that a test has started, in a session of its own. It prints into files that have no name, so that
/// nothing can block or stay behind.
package final class RunningProcess {
  package let id: pid_t
  private let outputFile: Int32
  private let errorFile: Int32
  private var ending: Ending?

  /// Starts a program, which is looked for in the PATH of `environment`.
  ///
  /// - Parameters:
  ///   - input: the descriptor of its standard input; /dev/null without one.
  ///   - terminal: the path of a terminal, which becomes its controlling terminal, input, output and error.
  package init(
    _ words: [String], environment: [String: String], directory: String, input: Int32? = nil, terminal: String? = nil,
    inherits: [Int32] = []
  ) throws {
    outputFile = try Self.namelessFile()
    errorFile = try Self.namelessFile()
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let terminal {
      posix_spawn_file_actions_addopen(&actions, 0, terminal, O_RDWR, 0)
      posix_spawn_file_actions_adddup2(&actions, 0, 1)
      posix_spawn_file_actions_adddup2(&actions, 0, 2)
    } else {
      if let input {
        posix_spawn_file_actions_adddup2(&actions, input, 0)
      } else {
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
      }
      posix_spawn_file_actions_adddup2(&actions, outputFile, 1)
      posix_spawn_file_actions_adddup2(&actions, errorFile, 2)
    }
    // What the tests themselves were started with is nobody else's.
    for descriptor in FileTree.entries("/proc/self/fd").compactMap({ Int32($0) }) where descriptor > 2 {
      let flags = fcntl(descriptor, F_GETFD)
      if flags >= 0, flags & FD_CLOEXEC == 0, !inherits.contains(descriptor) {
        posix_spawn_file_actions_addclose(&actions, descriptor)
      }
    }
    for descriptor in inherits { posix_spawn_file_actions_adddup2(&actions, descriptor, descriptor) }
    id = try Self.spawn(["env", "-C", directory] + words, environment, &actions)
  }

  deinit {
    if ending == nil {
      kill(id, SIGKILL)
      var status: Int32 = 0
      waitpid(id, &status, 0)
    }
    close(outputFile)
    close(errorFile)
  }

  /// What it has printed so far.
  package var output: String { Self.contents(outputFile) }
  package var error: String { Self.contents(errorFile) }

  /// How it has ended; nil while it runs.
  package func poll() -> Ending? {
    var status: Int32 = 0
    if ending == nil, waitpid(id, &status, WNOHANG) == id { ending = Ending(waitStatus: status) }
    return ending
  }

  /// Waits for its end.
  package func wait(within seconds: Double = patience) throws -> Outcome {
    let what = "the end of process \(id), which has printed"
    let ending = try find("\(what) \(output)\(error)", within: seconds) { poll() }
    return Outcome(ending: ending, output: output, error: error)
  }

  /// Waits until it has printed a text.
  package func waitForOutput(_ text: String) throws {
    try eventually("“\(text)” in the output “\(output)”, with error “\(error)”") {
      if output.contains(text) { return true }
      if let ending = poll(), !output.contains(text) {
        throw Trouble("\(ending) before it printed “\(text)”; output “\(output)”, error “\(error)”")
      }
      return false
    }
  }

  package func signal(_ number: Int32) { if ending == nil { kill(id, number) } }

  private static func spawn(
    _ words: [String], _ environment: [String: String], _ actions: inout posix_spawn_file_actions_t
  ) throws -> pid_t {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var (none, all) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    // POSIX_SPAWN_SETSID is one of the names that Swift's Glibc doesn't have.
    let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | 0x80
    posix_spawnattr_setflags(&attributes, Int16(flags))
    let arguments = words.map { strdup($0) } + [nil]
    let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for pointer in arguments + variables { free(pointer) } }
    var id: pid_t = 0
    let errno = posix_spawn(&id, try Programs.path(words[0]), &actions, &attributes, arguments, variables)
    guard errno == 0 else { throw Trouble("can't start \(words[0]): \(String(cString: strerror(errno)))") }
    return id
  }

  private static func namelessFile() throws -> Int32 {
    var name = Array("/tmp/littlectr-e2e-output-XXXXXX".utf8CString)
    let file = mkstemp(&name)
    guard file >= 0, unlink(name) == 0, fcntl(file, F_SETFD, FD_CLOEXEC) == 0, fcntl(file, F_SETFL, O_APPEND) == 0
    else { throw Trouble("mkstemp: errno \(errno)") }
    return file
  }

  private static func contents(_ file: Int32) -> String {
    var (bytes, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 1 << 16))
    while true {
      let count = pread(file, &buffer, buffer.count, off_t(bytes.count))
      if count <= 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += buffer[..<count]
    }
  }
}
