/// The grammar of stages.conf in words, for help and the manual.
public enum Grammar {
  /// A part of the description.
  public struct Section: Sendable {
    /// The heading.
    public let title: String
    /// Paragraphs, each a line. Lines that begin with `    ` are shown as they are.
    public let text: String
  }

  /// All parts, in order.
  public static let sections = [
    Section(
      title: "Lines",
      text: """
        stages.conf lists the stages of a container, one a line. Top to bottom is the order of work. The order is \
        checked, never changed.
            [off|try] STAGE key=value switch …
                    key=value …
            include FILE
        A line that is indented belongs to the stage above it. A switch is a key that takes yes or no; alone it means \
        yes.
        A key that holds a list may be given several times, once for each value. The first begins the list anew; key+=value \
        adds to what is there, which is the default, or with --with and --set what the file's line says. Where a list has a \
        default, none stands for an empty one.
        off keeps a line, still checked, and switches it off. try goes on when the host can't do what the line asks \
        for, and says so in one line. Without either, a stage that can't be set up stops everything.
        include puts another file in at that place. Its path is relative to the file in which it stands.
        """),
    Section(
      title: "Words",
      text: #"""
        # begins a comment at the start of a line or after a blank.
        A value may be quoted: "two words". Inside the quotes \" \\ \$ \n \t stand for a quote, a backslash, a \#
        dollar sign, a newline and a tab.
        Inside values ${HOME} ${USER} ${UID} ${GID} ${PWD} and ${CONF}, which is the file's directory, are replaced, \#
        after the line has been split into words. Any other name is an error, and so is $HOME without braces; ~ is not \#
        replaced.
        Paths that don't begin with / are relative to the file's directory, on the command line to the working directory.
        Sizes are written 512K, 64M, 1G, 1T: powers of 1024. 64m, 64MB and 64MiB mean the same; without a unit it is \#
        bytes. Times are written 500ms, 30s, 5m, 2h, 1d.
        """#),
    Section(
      title: "Files",
      text: """
        The first of these that is there is used: what --conf names; what $LITTLECTR_CONF names; stages.conf beside the \
        program's own file, as in a clone; $XDG_CONFIG_HOME/littlectr/stages.conf (otherwise \
        ~/.config/littlectr/stages.conf); /etc/littlectr/stages.conf; the text inside the program. explain begins with it.
        The directory that you are in is never searched: whoever wrote what lies there would decide what the container \
        is. For a file of it write --conf ./stages.conf. A name without a slash, with or without .conf, is looked for \
        beside the program, in ~/.config/littlectr and in /etc/littlectr: --conf hardened.
        Images are looked for in images/ beside the file, in images/ beside the program, in \
        $XDG_DATA_HOME/littlectr/images (otherwise ~/.local/share/littlectr/images) and in /var/lib/littlectr/images.
        Files, images and the layers of overlay upper=DIR must belong to you or root, and so must each directory and \
        symbolic link on the way; nobody else may be able to write them. A directory like /tmp, in which nobody can \
        rename what is yours, may be on the way. What isn't so is refused, and so are a file that names no stage, one of \
        more than 1 MiB, a line of more than 64 KiB, and more than 100 included files.
        """),
  ]
}
