internal import Pipeline

/// A filter as the line of `seccomp` asks for it, in a container.
struct FilterRequest: Sendable {
  let line: Seccomp
  /// The profile's text, and the file's name; nil for the default one.
  private let profile: (name: String, bytes: [UInt8])?
  private let capabilities: [String]?
  private let host: Host

  /// Grows when the way is changed in which a filter is made.
  private static let generation = "2"
  /// The largest profile, in bytes.
  private static let largest = 256 << 10

  init(_ line: Seccomp, _ container: Container) throws(Failure) {
    (self.line, host) = (line, container.host)
    guard case .file(let path) = line.profile else {
      (profile, capabilities) = (nil, nil)
      return
    }
    capabilities = container.capabilities?.names
    do throws(Failure) {
      let bytes = try host.filters.read(path, host)
      if bytes.count > Self.largest { throw Failure("", why: "\(path.text) is too large") }
      profile = (path.text, bytes)
    } catch {
      let advice =
        switch error.errno {
        case .noSuchFileOrDirectory?: Seccomp.noProfile
        case .permissionDenied?: Seccomp.unreadable
        default: Seccomp.untrusted
        }
      let reason = error.why ?? error.errno?.description ?? error.what
      throw Failure("profile=\(path)", advice.filled(["file": path.text, "reason": reason]))
    }
  }

  /// Everything that the filter depends on.
  var key: FilterKey {
    let tools = host.filters
    var key = FilterKey([
      "littlectr \(Version.text)", Self.generation, "libseccomp \(tools.library)", host.release, tools.machine,
      "\(line.action.rawValue) \(line.errno.rawValue)",
    ])
    if line.modes != .all { key.add("modes \(line.modes.rawValue)") }
    for name in line.allow { key.add("allow \(name.name)") }
    for name in line.deny { key.add("deny \(name.name)") }
    for call in NeededCalls.all { key.add(call.name) }
    if let profile {
      key.add("capabilities \(capabilities?.joined(separator: " ") ?? "all")")
      key.add("profile")
      key.add(profile.bytes)
    } else {
      for text in DefaultFilter.identity { key.add(text) }
    }
    return key
  }

  /// What becomes of a call that is refused.
  private var refusal: FilterAction {
    switch line.action {
    case .errno: .errno(line.errno.rawValue)
    case .kill: .killProcess
    case .log: .log
    }
  }

  /// What the filter is compiled from, on a machine of that hardware name.
  func source(_ machine: String) throws(Failure) -> FilterSource {
    var source = try profileSource(machine)
    if line.modes != .all, !source.architectures.isEmpty, let name = source.restrict(to: line.modes, refusal) {
      throw Failure("modes=\(line.modes.rawValue)", Seccomp.modesCompared.filled(["name": name]))
    }
    let (allowed, denied) = (line.allow.map(\.name), line.deny.map(\.name))
    // A rule for a call, whatever its arguments, takes the place of all others.
    for index in source.programs[0].rules.indices {
      source.programs[0].rules[index].calls.removeAll { allowed.contains($0) || denied.contains($0) }
    }
    if !allowed.isEmpty { source.programs[0].rules.append(FilterRule(allowed, .allow)) }
    if !denied.isEmpty { source.programs[0].rules.append(FilterRule(denied, refusal)) }
    if line.action == .log { source.refuseNothing() }
    source.strict = allowed + denied
    return source
  }

  private func profileSource(_ machine: String) throws(Failure) -> FilterSource {
    guard let profile else {
      return FilterSource(
        DefaultFilter.programs(refusal, machine: machine), FilterArchitecture.run(by: machine))
    }
    let reader = ProfileReader(
      machine: machine, capabilities: capabilities, hasKernel: { host.hasKernel($0, $1) }, errno: line.errno.rawValue)
    var source: FilterSource
    do throws(JSONError) { source = try reader.read(profile.bytes) } catch {
      guard Self.isProfile(profile.bytes) else {
        // It may be any file, and a secret: nothing of it is shown.
        throw Failure("profile=\(profile.name)", Seccomp.noProfileAtAll.filled(["file": profile.name]))
      }
      var failure = error.failure(in: profile.bytes, named: profile.name)
      failure.why = "it is the profile that the line of seccomp names"
      failure.fix = "mend it there, or write profile=default"
      throw failure
    }
    if line.action == .kill { for index in source.programs.indices { source.programs[index].killForRefused() } }
    return source
  }

  /// Whether a file that can't be read as a profile is meant to be one.
  private static func isProfile(_ bytes: [UInt8]) -> Bool {
    guard bytes.first(where: { $0 != 0x20 && $0 != 0x0a && $0 != 0x0d && $0 != 0x09 }) == UInt8(ascii: "{") else {
      return false
    }
    let key = Array("\"defaultAction\"".utf8)
    return bytes.indices.contains { bytes[$0] == key[0] && bytes[$0...].starts(with: key) }
  }

  /// What is left of the kernel, as a phrase.
  var summary: String {
    let what =
      switch line.profile {
      case .usual: "the system calls that ordinary programs make"
      case .file(let path): "the system calls that \(path) lets through"
      }
    let beside = line.allow.isEmpty ? "" : ", and \(line.allow.map(\.name).joined(separator: ", "))"
    let place = line.profile == .usual ? ": littlectr stages seccomp" : ""
    switch line.action {
    case .errno, .kill: return what + beside + place
    case .log: return "every system call that the host's kernel offers; what is unusual is put down in the audit log"
    }
  }
}

extension FilterSource {
  /// Has all that is refused made, and put down in the audit log: calls of other architectures, and newer ones, too.
  mutating func refuseNothing() {
    (foreign, newerAreUnknown) = (.log, false)
    // The numbers of programs, which there are in the default profile alone, are those of a profile's SCMP_ACT_TRACE.
    let links = programs.indices.dropFirst().map { FilterAction.program($0) }
    for index in programs.indices { programs[index].refuseNothing(but: links) }
  }
}

extension FilterProgram {
  fileprivate mutating func refuseNothing(but links: [FilterAction]) {
    change { action in action.isLetThrough || links.contains(action) ? action : .log }
  }

  /// Has a call that would fail end the process, unless it fails as if the kernel were older.
  mutating func killForRefused() {
    change { $0.errno == nil || $0 == .errno(38) ? $0 : .killProcess }
  }

  private mutating func change(_ new: (FilterAction) -> FilterAction) {
    otherwise = new(otherwise)
    for index in rules.indices { rules[index].action = new(rules[index].action) }
  }
}
