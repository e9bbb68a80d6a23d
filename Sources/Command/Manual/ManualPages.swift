internal import Pipeline

/// The day of this version, for the pages' footers.
private let versionDate = "2026-11-24"

/// littlectr(1).
struct ProgramPage {
  let text: String

  init(_ tool: CommandLineTool) {
    var page = Roff("littlectr", section: 1, date: versionDate)
    page.section("Name")
    page.paragraphs("littlectr - run a command in a container that you can take apart")
    page.section("Synopsis")
    for command in CommandLineTool.subcommands { page.paragraphs("littlectr \(command.name) \(command.usage)") }
    page.section("Description")
    page.paragraphs(
      """
      littlectr runs a command in a Linux container, without a daemon and without being root. The container's isolation \
      is an ordered list of stages, one a line in stages.conf(5). A line deleted is an isolation gone.
      """)
    page.section("Commands")
    for command in CommandLineTool.subcommands {
      page.subsection("littlectr \(command.name) \(command.usage)")
      page.paragraphs(command.help)
      for option in command.optionDescriptions { page.option(option, asKey: false) }
      if command.takesCommand {
        for type in tool.catalog.types {
          for option in type.optionDescriptions where option.flag != nil { page.option(option, asKey: false) }
        }
      }
    }
    page.section("Coming from Docker, Podman, bubblewrap")
    page.paragraphs(
      """
      Options of theirs that mean the same here are understood: they stand among those above. These are answered:
      """)
    for program in ForeignOption.Program.allCases {
      page.subsection(program.rawValue)
      for option in ForeignOption.all where option.program == program {
        page.entry(option.names.joined(separator: ", "), option.answer.text(option))
      }
    }
    page.section("Signals")
    page.paragraphs(
      """
      SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGWINCH, SIGTSTP and SIGCONT that littlectr gets from a \
      process reach the command. Those of the terminal's keys reach it too. When littlectr ends, even by \
      SIGKILL, so does the container, if it has a process 1 of its own that is the reaper.
      With a terminal of its own, the command is told a new size by SIGWINCH of that terminal; SIGTSTP stops littlectr \
      alone, and SIGCONT is forwarded; any other signal that would end littlectr ends the container, and then littlectr, \
      when your terminal is as it was.
      Without the stage terminal, and with a terminal as standard input, the command is in your process group. In any \
      other case a signal that it sends to its group does not reach yours.
      """)
    page.section("Environment")
    page.entry(
      "LITTLECTR_CONF", "The configuration to use when --conf doesn't name one: a path, or a name as --conf takes it.")
    page.entry("XDG_CONFIG_HOME, XDG_DATA_HOME, HOME", "Where your own stages.conf and images are looked for.")
    page.entry("NO_COLOR", "When set, no output is colored.")
    page.paragraphs(
      "The command starts with PATH, HOME, LANG and TERM alone: nothing else of your environment enters the container.")
    page.section("Files")
    page.entry(
      "stages.conf", "The configuration: stages.conf(5) says where it is looked for. Never in the directory you are in."
    )
    page.entry(
      "images/NAME",
      "An image, beside the configuration file that is used, then beside the program: the root directory itself. It, and "
        + "what is on the way to it, must be yours or root's, and nobody else's to write.")
    page.entry("~/.local/share/littlectr/images/NAME", "Your images; looked at third.")
    page.entry("/var/lib/littlectr/images/NAME", "The machine's images; looked at last.")
    page.section("Diagnostics")
    page.paragraphs(
      """
      An error names the line, the stage, the call, the errno, the cause and one remedy. Those of the stages are in \
      stages.conf(5). These are of littlectr itself.
      """)
    page.subsection("Making the child")
    for advice in CloneAdvice.all { page.advice(advice) }
    page.subsection("Any step")
    for advice in PlatformAdvice.all { page.advice(advice) }
    for advice in GeneralAdvice.all { page.advice(advice) }
    for advice in RunnerAdvice.all { page.advice(advice) }
    page.subsection("Executing the command")
    for advice in Executable.all { page.advice(advice) }
    page.subsection("Reading the configuration")
    for advice in ConfigurationAdvice.all { page.advice(advice) }
    page.section("Examples")
    page.entry("littlectr run bash", "A shell in a container.")
    page.entry("littlectr explain", "What that does, step by step.")
    page.entry("littlectr run --without uts hostname", "The same container with the host's name.")
    page.entry("littlectr run --root /srv/debian --readonly -- make test", "A directory as root that can't be written.")
    page.section("See also")
    page.paragraphs("stages.conf(5), namespaces(7), user_namespaces(7), pivot_root(2), bwrap(1), unshare(1)")
    text = page.text
  }
}

/// stages.conf(5).
struct FilePage {
  let text: String

  init(_ tool: CommandLineTool) {
    var page = Roff("stages.conf", section: 5, date: versionDate)
    page.section("Name")
    page.paragraphs("stages.conf - the isolation of a littlectr container")
    page.section("Description")
    for section in Grammar.sections {
      page.subsection(section.title)
      page.paragraphs(section.text)
    }
    page.section("Stages")
    for type in tool.catalog.types {
      page.subsection(type.name)
      page.paragraphs(type.help)
      for option in type.optionDescriptions { page.option(option, asKey: true) }
      for (place, reason) in StageOrder(type, tool.catalog).places { page.entry(place, "Because \(reason).") }
      for advice in type.diagnostics { page.advice(advice) }
    }
    page.section("Example")
    page.paragraphs(
      (String(validating: tool.defaultConfiguration, as: UTF8.self) ?? "").fields("\n").map { "    \($0)" }
        .joined(separator: "\n"))
    page.section("See also")
    page.paragraphs("littlectr(1)")
    text = page.text
  }
}
