/// What bubblewrap has: bwrap(1).
extension ForeignOption {
  static let bubblewrap: [ForeignOption] = [
    .init(.bubblewrap, "--ro-bind", "FROM TO", .instead("-v {1}:{2}:ro")),
    .init(.bubblewrap, "--bind-try --ro-bind-try", "FROM TO", .instead("--with 'bind from={1} to={2} optional=yes'")),
    .init(
      .bubblewrap, "--dev-bind --dev-bind-try", "FROM TO",
      .instead("--with 'bind from={1} to={2} nodev=no'", remark: "single devices come by --set dev.devices+=NAME")),
    .init(
      .bubblewrap, "--bind-fd --ro-bind-fd", "FD TO",
      .missing("what is bound is named by its path", fix: "write -v FROM:TO")),
    .init(
      .bubblewrap, "--proc", "/proc",
      .byValue(["/proc": "--with proc"], otherwise: "proc is mounted at /proc", fix: "write --with proc")),
    .init(
      .bubblewrap, "--dev", "/dev",
      .byValue(["/dev": "--with dev"], otherwise: "the devices are at /dev", fix: "write --with dev")),
    .init(
      .bubblewrap, "--mqueue", "/dev/mqueue",
      .byValue(
        ["/dev/mqueue": "--with dev"], otherwise: "message queues are at /dev/mqueue, in the /dev of the stage dev",
        fix: "write --with dev")),
    .init(.bubblewrap, "--file --bind-data --ro-bind-data", "FD TO", .instead("--with 'file to={2} text=TEXT'")),
    .init(
      .bubblewrap, "--dir --symlink --chmod --perms --size --remount-ro", "TO",
      .missing(
        "files and directories of a root are made in it, not by options",
        fix: "make them in the image, or by a program inside; tmpfs, bind and file have mode= and size=")),
    .init(
      .bubblewrap, "--overlay-src --overlay --tmp-overlay --ro-overlay", "TO", .instead("--with 'overlay upper=tmpfs'")),
    .init(
      .bubblewrap, "--unshare-all",
      .instead(
        "--with userns --with pid --with net --with ipc --with uts --with cgroupns",
        remark: "these are the namespaces that bubblewrap means")),
    .init(.bubblewrap, "--unshare-user --unshare-user-try", .instead("--with userns")),
    .init(.bubblewrap, "--unshare-pid", .instead("--with pid")),
    .init(.bubblewrap, "--unshare-net", .instead("--with net")),
    .init(.bubblewrap, "--unshare-ipc", .instead("--with ipc")),
    .init(.bubblewrap, "--unshare-uts", .instead("--with uts")),
    .init(.bubblewrap, "--unshare-cgroup --unshare-cgroup-try", .instead("--with cgroupns")),
    .init(.bubblewrap, "--share-net", .instead("--without net")),
    .init(
      .bubblewrap, "--userns2 --pidns", "FD",
      .missing("namespaces that are there already can't be joined", fix: "leave it out: they are made anew")),
    .init(.bubblewrap, "--disable-userns --assert-userns-disabled", .instead("--set userns.nested=no")),
    .init(.bubblewrap, "--uid", "NUMBER", .instead("--user {1}")),
    .init(.bubblewrap, "--gid", "NUMBER", .instead("--user USER:{1}")),
    .init(.bubblewrap, "--setenv", "NAME VALUE", .instead("-e {1}={2}", remark: "here it is one word")),
    .init(
      .bubblewrap, "--clearenv",
      .instead("--set env.pass=none", remark: "nothing of your environment comes in but what env passes on")),
    .init(
      .bubblewrap, "--seccomp --add-seccomp-fd", "FD",
      .instead("--set seccomp.profile=FILE", remark: "a profile as Docker has it")),
    .init(
      .bubblewrap, "--new-session", .instead("--with terminal", remark: "the command then leads a session of its own")),
    .init(.bubblewrap, "--as-pid-1", .instead("--set pid.init=no")),
    .init(
      .bubblewrap, "--args --argv0 --level-prefix --exec-label --file-label --lock-file", "TEXT",
      .missing("there is no such thing here", fix: "leave it out")),
    .init(
      .bubblewrap, "--sync-fd --block-fd --userns-block-fd --info-fd --json-status-fd", "FD",
      .missing(
        "nothing is told through descriptors", fix: "write --attest=FD, which has what the container is written there")),
  ]
}
