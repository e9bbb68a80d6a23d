/// Programs that look at what is the kernel's, and call what only administrators need.
extension Attack {
  static let kernel = [
    Attack(kind: "files that change the machine", name: "/proc and /sys", source: "CVE-2022-0811 (class)") { arena in
      try arena.attack([
        "kernel-files", "/proc/sys/kernel/core_pattern", "/proc/sys/kernel/modprobe", "/proc/sys/kernel/sysrq",
        "/proc/sys/kernel/hotplug", "/proc/sys/kernel/poweroff_cmd", "/proc/sys/vm/panic_on_oom",
        "/proc/sys/vm/overcommit_memory", "/proc/sys/fs/binfmt_misc/register", "/proc/sysrq-trigger",
        "/proc/irq/default_smp_affinity", "/proc/mtrr", "/sys/kernel/uevent_helper", "/sys/power/state",
        "/sys/fs/cgroup/release_agent", "/sys/kernel/mm/transparent_hugepage/enabled", "/proc/sys/vm/drop_caches",
        "/proc/sys/kernel/randomize_va_space", "/proc/sys/kernel/dmesg_restrict", "/proc/sys/kernel/kptr_restrict",
        "/proc/sys/kernel/unprivileged_bpf_disabled", "/proc/sys/kernel/yama/ptrace_scope",
        "/proc/sys/kernel/usermodehelper/bset", "/proc/sys/kernel/core_pipe_limit", "/proc/sys/fs/suid_dumpable",
        "/proc/sys/fs/protected_hardlinks", "/proc/sys/fs/protected_symlinks", "/proc/sys/user/max_user_namespaces",
        "/proc/sys/net/ipv4/ip_forward", "/proc/bus/pci/00/00.0", "/sys/bus/pci/rescan", "/sys/power/pm_test",
        "/sys/module/printk/parameters/time", "/sys/kernel/debug/provoke-crash/DIRECT",
      ])
    },
    Attack(kind: "files that change the machine", name: "release_agent", source: "CVE-2022-0492") { arena in
      try arena.attack(["release-agent"])
    },
    Attack(kind: "what the kernel tells", name: "kcore, keys and firmware", source: "CVE-2020-14300 (class)") { arena in
      try arena.attack([
        "kernel-secrets", "/proc/kcore", "/proc/kmsg", "/proc/keys", "/proc/timer_list", "/proc/sched_debug",
        "/proc/acpi", "/proc/scsi", "/proc/asound", "/proc/interrupts", "/proc/latency_stats", "/proc/timer_stats",
        "/sys/firmware", "/sys/devices/virtual/powercap",
      ])
    },
    // What covers files of /proc and /sys must be littlectr's own, and not what the image has for it.
    Attack(kind: "what the kernel tells", name: "with links for /dev/null", source: "CVE-2025-31133") { arena in
      try arena.sandbox.prepare("rm -rf root/dev/null; ln -s /proc/kcore root/dev/null; ln -s /proc/keys root/dev/zero")
      return try ([["--without", "dev"], []].prefix(arena.runner == .littlectr ? 2 : 1)).flatMap { options in
        try arena.attack(["kernel-secrets", "/proc/keys", "/proc/interrupts", "/proc/scsi"], options)
      }
    },
    Attack(kind: "secrets of the caller's", name: "session keyring", source: "class: shared keyring") { arena in
      try arena.attack(
        ["key", arena.sandbox.token], before: [arena.sandbox.root + "/bin/attack", "with-key", arena.sandbox.token])
    },
  ]
}
