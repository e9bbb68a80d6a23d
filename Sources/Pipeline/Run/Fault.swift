public import SystemPackage

/// A failure that is made to happen, to see what littlectr does about it.
public enum Fault: Sendable, Equatable {
  /// The step of that index isn't performed, and answers the errno instead.
  case failing(step: Int, Errno)
  /// littlectr gets SIGKILL right after the step of that index.
  case killing(step: Int)
}
