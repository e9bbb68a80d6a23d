import Pipeline

/// The machines for which golden plans are made, by the words after `# host:`.
extension FakeHost {
  /// A machine by its name; nil for a name that none has.
  public static func named(_ name: String) -> FakeHost? {
    var machine = FakeHost()
    machine.environment["PATH"] = "/usr/local/bin:/usr/bin"
    for device in ["null", "zero", "full", "random", "urandom", "tty", "fuse", "net/tun"] {
      machine.found["/dev/" + device] = Host.Found(mode: 0o020666)
    }
    for file in ["/etc/ld.so.cache", "/etc/services", "/srv/file"] { machine.files[file] = "" }
    machine.files["/srv/passwd"] = "eve:x:7:8::/home/eve:/bin/sh\n"
    machine.files["/etc/resolv.conf"] = "nameserver 127.0.0.53\n"
    machine.files["/run/systemd/resolve/resolv.conf"] = "nameserver 192.0.2.1\n"
    machine.files["/etc/hosts"] = "127.0.0.1 localhost"
    machine.files["/sys/devices/system/cpu/online"] = "0-3\n"
    machine.links = ["/bin": "usr/bin", "/lib64": "usr/lib64", "/etc/localtime": "/usr/share/zoneinfo/UTC"]
    for file in ["/resolv.conf", "/hosts"] { machine.files["./images/default/etc" + file] = "" }
    machine.add(directories: "/usr", "/etc/alternatives", "/lib")
    machine.add(directories: "/dev/dri", ".", "./images", "./images/default", "/home", "/home/ada", "/proc", "/srv")
    machine.found["./images/default"] = Host.Found(mode: 0o040755, userID: name.hasPrefix("user") ? 1000 : 0, inode: 12)
    // What others have made, or can write.
    machine.found["/tmp"] = Host.Found(mode: 0o041777)
    machine.found["./images/theirs"] = Host.Found(mode: 0o040755, userID: 1001)
    machine.found["/tmp/theirs"] = Host.Found(mode: 0o040755, userID: 1001)
    machine.found["./images/open"] = Host.Found(mode: 0o040777, userID: 1000)
    machine.found["/tmp/link"] = Host.Found(mode: 0o120777, userID: 1001)
    machine.links["/tmp/link"] = "/srv"
    machine.links["/home/ada/alias"] = "/here/images/default"
    switch name {
    case "root":
      machine.becomeRoot()
      machine.found["/proc/self/ns/user"] = Host.Found(mode: 0o100444, inode: 0xefff_fffd)
    case "root in a user namespace":
      machine.becomeRoot()
      machine.files["/proc/self/uid_map"] = "         0     100000      65536\n"
      machine.files["/proc/self/gid_map"] = "         0     100000       1000\n      1000       1000          1\n"
      machine.files["/proc/self/setgroups"] = "allow\n"
    case "root in a user namespace without setgroups":
      machine.becomeRoot()
      machine.files["/proc/self/uid_map"] = "         0       1000          1\n"
      machine.files["/proc/self/gid_map"] = "         0       1000          1\n"
      machine.files["/proc/self/setgroups"] = "deny\n"
    case "user": break
    case "user with an early Landlock": machine.landlockVersion = 2
    case "user without Landlock": machine.landlockVersion = 0
    case "root with a kernel's files":
      machine.becomeRoot()
      machine.addKernelFiles()
    case "user with a kernel's files": machine.addKernelFiles()
    case "user on an old kernel with its files":
      machine.addKernelFiles()
      machine.release = "5.15.0-91-generic"
    case "root without a whole /proc":
      machine.becomeRoot()
      for file in ["/proc/version", "/sys/kernel"] { machine.found[file] = nil }
    case "user without a session's terminal": machine.hasControllingTerminal = false
    case "user with root's image": machine.found["./images/default"] = Host.Found(mode: 0o040755, userID: 0)
    case "user with descriptors": machine.descriptors = [0, 1, 2, 3, 5, 10, 11, 12, 500]
    case "user at a terminal": machine.terminals = [0, 1, 2]
    case "user who types into a pipe": machine.terminals = [0, 2]
    case "user whose output is a terminal": machine.terminals = [1, 2]
    case "root at a terminal":
      machine.becomeRoot()
      machine.terminals = [0, 1, 2]
    case "user on an old kernel":
      machine.addRanges()
      machine.release = "5.15.0-91-generic"
    case "root on an old kernel":
      machine.becomeRoot()
      machine.found["/proc/self/ns/user"] = Host.Found(mode: 0o100444, inode: 0xefff_fffd)
      machine.release = "5.15.0-91-generic"
    case "root without net_raw", "root without setpcap":
      machine.becomeRoot()
      let missing = CapabilitySet.number(of: String(name.split(separator: " ")[2])) ?? 0
      machine.capabilities.remove(CapabilitySet(number: missing))
    case "user on a kernel without checkpoint_restore": machine.lastCapability = 39
    case "user on a kernel with another capability": machine.lastCapability = 41
    case "user with a kept filter":
      let allowing = FilterCode([0x7fff_0000_0000_0006])
      machine.keptFilter = .found(CompiledFilter(allowing))
      machine.files["/srv/one.json"] = "{\"defaultAction\": \"SCMP_ACT_ERRNO\"}"
    case "user with profiles":
      let names = NeededCalls.all.map { "\"\($0.name)\"" }.joined(separator: ", ")
      machine.files["./profiles/one.json"] = """
        {"defaultAction": "SCMP_ACT_ERRNO", "flags": ["SECCOMP_FILTER_FLAG_LOG"], "syscalls": [
          {"names": [\(names), "a_call_of_the_future"], "action": "SCMP_ACT_ALLOW"}]}
        """
      machine.files["./profiles/mistake.json"] = """
        {
          "defaultAction": "SCMP_ACT_ERRNO",
          "syscalls": [{"name": "read", "aktion": "SCMP_ACT_ALLOW"}]
        }
        """
      machine.files["./profiles/empty.json"] = "{\"defaultAction\": \"SCMP_ACT_ERRNO\"}"
    case "user whose filters can't be kept": machine.keptFilter = .none("HOME isn't set")
    case "user of another machine": machine.machine = "riscv64"
    case "user with cgroup v2":
      machine.files["/sys/fs/cgroup/cgroup.controllers"] = ""
    case "user without name servers":
      for file in ["/etc/resolv.conf", "/etc/hosts"] { machine.files[file] = nil }
    case "user with ranges": machine.addRanges()
    case "user with a terminal of its own":
      machine.environment.merge(["TERM": "odd", "TERMINFO": "/srv/terminfo"]) { $1 }
      machine.files["/srv/terminfo/o/odd"] = "\u{1a}\u{1}entry"
    case "user with ranges and groups":
      machine.addRanges()
      machine.files["/proc/self/status"] = "Name:\tx\nGroups:\t4 27 1000 \n"
    case "user with accounts":
      machine.addRanges()
      machine.addAccounts()
    case "user with accounts and one id": machine.addAccounts()
    case "root with accounts":
      machine.becomeRoot()
      machine.addAccounts()
    case "user with variables":
      machine.environment.merge(["SECRET": "hunter2", "LC_ALL": "C", "LC_TIME": "de"]) { $1 }
    case "user with two ranges":
      machine.addRanges()
      machine.files["/etc/subuid"] = "bob:1:1\nada:100000:65536\n1000:300000:1000\n"
    case "user without newuidmap":
      machine.addRanges()
      machine.files["/usr/bin/newuidmap"] = nil
    case "user without newgidmap":
      machine.addRanges()
      machine.files["/usr/bin/newgidmap"] = nil
    case "user without ranges":
      machine.addRanges()
      machine.files["/etc/subuid"] = "bob:100000:65536\n"
      machine.files["/etc/subgid"] = "bob:100000:65536\n"
    case "user without group ranges":
      machine.addRanges()
      machine.files["/etc/subgid"] = nil
    case "user whose images can't be entered":
      machine.found["./images/default"] = nil
      machine.found["./images"] = Host.Found(mode: 0o040700, userID: 0)
      machine.closed.insert("./images")
    case "user with an image at home":
      machine.found["./images/default"] = nil
      machine.add(directories: "/home/ada/.local/share/littlectr/images/default")
    default: return nil
    }
    return machine
  }

  private mutating func becomeRoot() {
    (userID, groupID) = (0, 0)
    environment["HOME"] = "/root"
  }

  /// What an image's files may hold, nonsense included.
  private mutating func addAccounts() {
    files["./images/default/etc/passwd"] = """
      root:x:0:0:root:/root:/bin/sh
      nonsense
      eve:x:4294967295:0::/:/bin/sh
      eve:x:0x1:0::/:/bin/sh
      ada:x:1000:1000:Ada:/home/ada:/bin/sh
      ada:x:0:0:a second Ada:/root:/bin/sh
      far:x:200000:200000::relative:/bin/sh

      """
    files["./images/default/etc/group"] = """
      root:x:0:
      staff:x:50:bob,ada
      nonsense:x:-1:ada
      audio:x:29:ada
      audio:x:30:ada
      ada:x:1000:

      """
  }

  /// What a kernel has in /proc and /sys that is hidden, or can only be read.
  private mutating func addKernelFiles() {
    add(directories: "/proc/acpi", "/proc/sys", "/proc/bus", "/proc/fs", "/proc/irq", "/proc/tty", "/sys/firmware")
    add(directories: "/sys/devices/virtual/powercap", "/sys/class", "/proc/net")
    for file in ["interrupts", "keys", "cpuinfo"] { files["/proc/" + file] = "" }
    for file in ["kcore", "timer_list", "slabinfo", "kpagecount"] {
      found["/proc/" + file] = Host.Found(mode: 0o100400)
    }
    found["/proc/sysrq-trigger"] = Host.Found(mode: 0o100200)
    add(directories: "/proc/pressure", "/sys/dev/block", "/sys", "/sys/kernel/tracing")
    // On /sys/kernel/tracing nothing is mounted.
    for (path, mode) in ["/sys/fs/fuse/connections": 0o755, "/sys/kernel/debug": 0o700] as KeyValuePairs {
      found[path] = Host.Found(mode: 0o040000 | UInt32(mode), device: 7)
    }
    add(directories: "/sys/fs/cgroup")
    files["/sys/devices/system/cpu/possible"] = "0-1\n"
    for number in 0...1 { add(directories: "/sys/devices/system/cpu/cpu\(number)/thermal_throttle") }
    links["/proc/net"] = "self/net"
  }

  private mutating func addRanges() {
    for file in ["/usr/bin/newuidmap", "/usr/bin/newgidmap"] { files[file] = "" }
    for file in ["/etc/subuid", "/etc/subgid"] { files[file] = "ada:100000:65536\n" }
  }
}
