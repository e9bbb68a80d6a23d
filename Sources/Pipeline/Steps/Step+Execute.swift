internal import Kernel
internal import SystemPackage

extension Step {
  /// The last steps: the child becomes the command, or process 1 that starts it.
  ///
  /// - Parameter report: through which the parent is told of a failure.
  static func execution(of container: Container, command: ChildID, reporting report: Handle) -> [Step] {
    let paths = searchPaths(container)
    let leading = container.hasReaper ? container.commandLeads : .nothing
    let (terminal, hasMonitor) = (container.pseudoTerminal, container.hasMonitor)
    // Where there is a reaper, it leads the session and has the terminal already.
    let isControlling = terminal?.hasKeyboard == true && !container.hasReaper
    let environment = container.environment.map(\.line)
    let (hasReaper, isFiltered) = (container.hasReaper, container.host.isFiltered)
    let program = Program(
      paths: paths, arguments: container.command, environment: environment, leading: leading,
      terminal: terminal.map { pty in
        ProgramTerminal(
          replacing: pty.replaced, isControlling: isControlling,
          isInFront: { hasReaper && pty.startsInFront }
        ) { pty.terminal.descriptor }
      }, endsWithParent: hasMonitor,
      closing: container.closedDescriptors)
    let (arguments, signals, closed) = (container.command, container.inheritedSignals, container.closedDescriptors)
    @Sendable func headline() -> String {
      "execve(\(quoted(arguments.first ?? [])), [\(arguments.map { quoted($0) }.joined(separator: ", "))], …)"
    }
    func finished(_ step: Step) -> Step {
      var step = step.headline(headline()).inspect { errno in Executable.inspect(paths, errno).bytes }
      for errno in Executable.explained { step = step.advice(errno) { Executable.advice(errno, $0, paths) } }
      return step
    }
    @Sendable func calls() -> String {
      let words = arguments.map { quoted($0) }.joined(separator: ", ")
      var apart =
        switch leading {
        case .nothing: ""
        case .group: "setpgid(0, 0)\n"
        case .session: "setsid()\n"
        }
      if hasMonitor { apart += "prctl(PR_SET_PDEATHSIG, SIGKILL)\ngetppid() = <monitor>\n" }
      if isControlling, let terminal { apart += "ioctl(\(terminal.terminal), TIOCSCTTY, 0)\n" }
      if hasReaper, let terminal, terminal.hasKeyboard {
        apart += "getpid() = \(command)\nioctl(\(terminal.terminal), TIOCSPGRP, [\(command)])\n"
      }
      let executing = paths.map { "execve(\(quoted($0)), [\(words)], <\(environment.count) variables>)" }
      // Through /proc/self/fd a link of the image's would lead to what is open still.
      var closing = ""
      for index in stride(from: 0, to: closed.count, by: 2) {
        var first = closed[index]
        if index == 0, !hasReaper {
          closing = "dup3(\(report), \(first), O_CLOEXEC)\n"
          first += 1
        }
        guard first <= closed[index + 1] else { continue }
        let close = "close_range(\(first), \(closed[index + 1]), 0)\n"
        let known = hasReaper ? report.description : String(closed[0])
        closing +=
          !isFiltered || hasReaper && index > 0
          ? close : "dup3(\(known), \(first), O_CLOEXEC)\n\(close)close(\(first)) = -1 EBADF\n"
      }
      return apart + (terminal?.takingCalls ?? "") + closing + "rt_sigprocmask(SIG_SETMASK, <mask>, <mask>, 8)\n"
        + executing.joined(separator: "\n")
    }
    guard hasReaper else {
      return [
        finished(
          Step(calls()) { () throws(Errno) in
            var end = report.descriptor
            defer { report.fill(end) }
            try program.execute(mask: signals.mask, keeping: &end, isChecked: isFiltered)
          })
      ]
    }
    var steps: [Step] = []
    if let terminal, terminal.hasKeyboard {
      steps.append(
        .control(terminal.terminal).remark(
          "the command starts in its foreground, unless littlectr is in the background of yours"))
    }
    return steps + [
      Step("prctl(PR_SET_DUMPABLE, SUID_DUMP_DISABLE)") { () throws(Errno) in
        // Nor shall ps inside show what littlectr was called with: paths of the host's, mostly.
        ProcessContext.replaceArguments(by: "littlectr-init")
        try Syscall.forbidTracing()
      }.remark("the command can't read or trace process 1, which is littlectr"),
      finished(
        Step(
          (hasMonitor ? "getpid() = <monitor>\n" : "")
            + "clone(child_stack=<stack>, flags=CLONE_VM|CLONE_VFORK|SIGCHLD) = \(command)\n" + calls()
        ) {
          () throws(Errno) in
          command.fill(try program.spawn(mask: signals.mask, closing: isFiltered ? report.descriptor : nil))
        }),
    ]
  }

  /// Where the command is looked for: itself if it holds a slash, else each directory of the container's PATH.
  private static func searchPaths(_ container: Container) -> [[UInt8]] {
    guard let name = container.command.first else { return [] }
    if name.contains(UInt8(ascii: "/")) || name.isEmpty { return [name] }
    return (container[bytesOf: "PATH"] ?? Array("/usr/bin:/bin".utf8))
      .split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
      // An empty entry would mean the working directory: a trap, and never meant.
      .filter { !$0.isEmpty }.map { Array($0) + [UInt8(ascii: "/")] + name }
  }
}
