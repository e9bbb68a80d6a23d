/// Programs that look at what is the kernel's, and call what only administrators need.
extension Attack {
  static let kernel = [
    Attack(kind: "files that change the machine", name: "/proc and /sys", source: "CVE-2022-0811 (class)") { arena in
      try arena.attack([
        "kernel-files", "/proc/sys/kernel/core_pattern", "/proc/sys/kernel/modprobe", "/proc/sys/kernel/sysrq",
        "/proc/sys/kernel/hotplug", "/proc/sys/kernel/poweroff_cmd", "/proc/sys/vm/panic_on_oom",
        "/proc/sys/vm/overcommit_memory", "/proc/sys/fs/binfmt_misc/register", "/proc/sysrq-trigger",
        "/proc/irq/default_smp_affinity", "/proc/mtrr", "/sys/kernel/uevent_helper", "/sys/power/state",
        "/sys/fs/cgroup/release_agent", "/sys/kernel/mm/transparent_hugepage/enabled",
      ])
    },
    Attack(kind: "files that change the machine", name: "release_agent", source: "CVE-2022-0492") { arena in
      try arena.attack(["release-agent"])
    },
    Attack(kind: "what the kernel tells", name: "kcore, keys and firmware", source: "CVE-2020-14300 (class)") { arena in
      try arena.attack([
        "kernel-secrets", "/proc/kcore", "/proc/kmsg", "/proc/keys", "/proc/timer_list", "/proc/sched_debug",
        "/proc/acpi", "/proc/scsi", "/sys/firmware",
      ])
    },
    Attack(kind: "secrets of the caller's", name: "session keyring", source: "class: shared keyring") { arena in
      try arena.attack(
        ["key", arena.sandbox.token], before: [arena.sandbox.root + "/bin/attack", "with-key", arena.sandbox.token])
    },
  ]
}
