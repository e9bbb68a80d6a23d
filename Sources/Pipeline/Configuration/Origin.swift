extension ConfigurationFile {
  /// Why a file is the one that is used.
  public enum Origin: Sendable, Equatable {
    /// It was named with --conf.
    case named
    /// It was named by $LITTLECTR_CONF.
    case variable
    /// It lies beside the program.
    case program
    /// It lies in the caller's directory for configurations.
    case user
    /// It is the machine's.
    case machine
    /// It is the text inside the program.
    case builtIn

    /// As a phrase.
    public var reason: String {
      switch self {
      case .named: "named with --conf"
      case .variable: "named by LITTLECTR_CONF"
      case .program: "beside the program"
      case .user: "in your directory for configurations"
      case .machine: "the machine's"
      case .builtIn: "inside the program: no file was found"
      }
    }
  }
}
