internal import Kernel
public import SystemPackage

/// How filters of system calls are made and kept on a machine. A value, so that a test can plan for one that isn't this.
public struct FilterTools: Sendable {
  /// The machine's hardware name.
  public var machine: String
  /// The version of libseccomp.
  public var library: String
  /// Compiles a filter.
  public var compile: @Sendable (FilterSource) throws(FilterError) -> CompiledFilter
  /// Reads a profile, once it is certain that nobody else could write it.
  public var read: @Sendable (FilePath, Host) throws(Failure) -> [UInt8] = { path, host throws(Failure) in
    try ConfigurationFile(path, host: host).bytes
  }
  /// Looks up a filter that was kept, and is what its source says.
  public var look: @Sendable (FilterKey, FilterSource, Host) -> KeptFilter

  /// Tools given by their answers.
  public init(
    machine: String, library: String, compile: @escaping @Sendable (FilterSource) throws(FilterError) -> CompiledFilter,
    look: @escaping @Sendable (FilterKey, FilterSource, Host) -> KeptFilter
  ) { (self.machine, self.library, self.compile, self.look) = (machine, library, compile, look) }

  /// Those of the machine that littlectr runs on.
  public static var current: FilterTools {
    #if arch(x86_64)
      let machine = "x86_64"
    #elseif arch(arm64)
      let machine = "aarch64"
    #else
      let machine = ProcessContext.system.machine
    #endif
    return FilterTools(
      machine: machine, library: FilterLibrary.version,
      compile: { source throws(FilterError) in try source.compiled() },
      look: { key, source, host in FilterCache(host).look(key) { source.means($0) } })
  }
}

/// The filter of a container, once it is planned.
public struct PlannedFilter: Sendable {
  /// What is installed, and how.
  public let code: FilterCode
  /// The kernel's flags for it.
  public let flags: FilterFlags
  /// What keeps it for the next time; nil if it was kept already, or can't be.
  public let keeping: Step?
  /// What tells it from others once it is installed; nil on a machine that isn't known.
  public let mark: FilterMark?

  /// A planned filter.
  public init(_ code: FilterCode, flags: FilterFlags, keeping: Step? = nil, mark: FilterMark? = nil) {
    (self.code, self.flags, self.keeping, self.mark) = (code, flags, keeping, mark)
  }
}
