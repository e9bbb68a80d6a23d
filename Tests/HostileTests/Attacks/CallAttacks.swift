/// Calls that no container needs, and that have opened one.
extension Attack {
  /// Calls that a filter refuses, by what they are good for.
  static let calls =
    [
      (
        "new namespaces", "CVE-2022-0185", ["unshare-user", "unshare-mount", "unshare-net", "setns", "clone", "clone3"]
      ),
      (
        "mounts", "CVE-2022-0185, CVE-2021-41133",
        [
          "mount", "umount2", "pivot_root", "fsopen", "fsconfig", "fsmount", "fspick", "open_tree", "move_mount",
          "mount_setattr",
        ]
      ),
      ("keys", "CVE-2016-0728", ["keyctl", "add_key", "request_key"]),
      (
        "the kernel's engines", "CVE-2021-3490, CVE-2022-29582",
        ["bpf", "userfaultfd", "io_uring_setup", "io_uring_enter", "io_uring_register", "perf_event_open"]
      ),
      ("files by number", "class: shocker, 2014", ["open_by_handle_at", "name_to_handle_at", "fanotify_init"]),
      ("old processors", "CVE-2015-3290", ["modify_ldt"]),
      (
        "the machine's", "class: calls of the administrator's",
        [
          "kexec_load", "init_module", "finit_module", "delete_module", "swapon", "swapoff", "reboot", "syslog", "acct",
          "clock_settime", "settimeofday",
        ]
      ),
    ].flatMap { kind, source, calls in
      calls.map { call in
        Attack(kind: "system calls: \(kind)", name: call, source: source) { try $0.attack(["call", call]) }
      }
    }

  /// The calls that type at a terminal, refused whosever the terminal is.
  static let terminalCalls = [
    Attack(
      kind: "typing at the caller's terminal", name: "the calls are refused", source: "CVE-2019-10063, CVE-2023-28100"
    ) { try $0.attack(["terminal", "refused"]) }
  ]

  /// Families of sockets that ordinary programs don't use, on i386 by socketcall(2) too.
  static let sockets = [
    Attack(kind: "system calls: sockets", name: "of other families", source: "CVE-2021-43267, CVE-2020-14386") {
      try $0.attack(["sockets"])
    }
  ]

  /// What is tried again as root of namespaces below, where the container's root would have all that it gave up.
  static let nested = [
    Attack(kind: "files that change the machine", name: "release_agent, from below", source: "CVE-2022-0492") { arena in
      try arena.attack(["nested", "release-agent"])
    },
    Attack(kind: "files that change the machine", name: "/proc, from below", source: "CVE-2022-0811 (class)") { arena in
      try arena.attack(["nested", "kernel-files", "/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger"])
    },
  ]
}
