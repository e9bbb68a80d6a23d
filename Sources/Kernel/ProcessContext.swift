internal import CKernel
internal import Glibc
public import SystemPackage

/// What the program was started with.
public enum ProcessContext {
  /// The arguments after the program's name, as bytes: what a user types need not be UTF-8.
  public static var arguments: [[UInt8]] {
    var arguments: [[UInt8]] = []
    for index in 1..<max(ck_argument_count(), 1) {
      guard let argument = unsafe ck_argument(index) else { break }
      arguments.append(unsafe [UInt8](UnsafeRawBufferPointer(start: argument, count: strlen(argument))))
    }
    return arguments
  }

  /// The name that the program was started by, as bytes; nil if it was started without one.
  public static var programName: [UInt8]? {
    guard let name = unsafe ck_argument(0) else { return nil }
    return unsafe [UInt8](UnsafeRawBufferPointer(start: name, count: strlen(name)))
  }

  /// Replaces the arguments that /proc/PID/cmdline shows of this process, cut to the room that they take. No call is made.
  public static func replaceArguments(by title: String) { unsafe ck_replace_arguments(title) }

  /// A variable of the environment; nil when it isn't set: getenv(3).
  public static func variable(_ name: String) -> [UInt8]? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe [UInt8](UnsafeRawBufferPointer(start: value, count: strlen(value)))
  }

  /// The whole environment, `NAME=value` each: environ(7).
  public static var environment: [[UInt8]] {
    var (variables, index) = ([[UInt8]](), 0)
    while let variable = unsafe environ[index] {
      variables.append(unsafe [UInt8](UnsafeRawBufferPointer(start: variable, count: strlen(variable))))
      index += 1
    }
    return variables
  }

  /// The names of the environment's variables that are UTF-8, in its order.
  public static var variableNames: [String] {
    environment.compactMap { String(validating: $0.prefix { $0 != UInt8(ascii: "=") }, as: UTF8.self) }
  }

  /// The directory in which the program was started: getcwd(3).
  public static var workingDirectory: FilePath? {
    var buffer = [CChar](repeating: 0, count: 4096)
    guard unsafe getcwd(&buffer, buffer.count) != nil else { return nil }
    return unsafe buffer.withUnsafeBufferPointer { buffer in
      unsafe buffer.baseAddress.map { unsafe FilePath(platformString: $0) }
    }
  }

  /// Whether the session has a terminal: tty(4). It is opened only to see; what can't be told counts as one.
  public static var hasControllingTerminal: Bool {
    do throws(Errno) {
      try Syscall.close(try Syscall.open("/dev/tty", [.read, .nonBlocking, .notControlling]))
      return true
    } catch { return error != .noSuchAddressOrDevice }
  }

  /// Whether a descriptor is a terminal: isatty(3).
  public static func isTerminal(_ file: FileDescriptor) -> Bool { isatty(file.rawValue) == 1 }

  /// The machine's hardware name, `x86_64` for instance, and the kernel's release: uname(2).
  public static var system: (machine: String, release: String) {
    var name = utsname()
    guard unsafe uname(&name) == 0 else { return ("", "") }
    return unsafe withUnsafeBytes(of: &name) { bytes in
      // Six fields of equal length: system, node, release, version, machine, domain.
      let length = bytes.count / 6
      func field(_ index: Int) -> String {
        let field = unsafe bytes[(index * length)..<((index + 1) * length)].prefix { $0 != 0 }
        return unsafe String(decoding: field, as: UTF8.self)
      }
      return (field(4), field(2))
    }
  }

  /// The time since an unspecified moment, in nanoseconds: clock_gettime(2) with CLOCK_REALTIME. The monotonic clock may
  /// be put forward or back by a time namespace.
  public static var nanoseconds: UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
