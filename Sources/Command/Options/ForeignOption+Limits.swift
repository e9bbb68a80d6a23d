internal import Pipeline

/// What `docker run` and `podman run` have for memory, processors, devices and file systems.
extension ForeignOption {
  static let engineLimits: [ForeignOption] = [
    .init(
      .engines, "-m --memory --memory-reservation --memory-swap", "SIZE",
      .missing(
        "a limit for all processes together needs a cgroup, which littlectr doesn't make",
        fix: "systemd-run --user --scope -p MemoryMax={1} littlectr run …; or for each process: --with 'rlimit as={1}'"
      )),
    .init(
      .engines, "--cpus", "NUMBER",
      .missing(
        "a limit for all processes together needs a cgroup, which littlectr doesn't make",
        fix:
          "systemd-run --user --scope -p CPUQuota=150% littlectr run … for 1.5; or choose processors: --with 'scheduling cpus=0'"
      )),
    .init(
      .engines,
      """
      --memory-swappiness --kernel-memory --cpu-shares -c --cpu-quota --cpu-period --cpu-rt-period --cpu-rt-runtime \
      --cpu-count --cpu-percent --cpuset-mems --blkio-weight --blkio-weight-device --device-read-bps --device-read-iops \
      --device-write-bps --device-write-iops --io-maxbandwidth --io-maxiops
      """,
      .missing(
        "it needs a cgroup, which littlectr doesn't make",
        fix: "systemd-run --user --scope -p PROPERTY=VALUE littlectr run …, as systemd.resource-control(5) has them")),
    .init(
      .engines, "--pids-limit", "NUMBER",
      .instead("--with 'rlimit nproc={1}'", remark: "it counts all processes of your user")),
    .init(.engines, "--cpuset-cpus", "LIST", .instead("--with 'scheduling cpus={1}'")),
    .init(.engines, "--oom-score-adj", "NUMBER", .instead("--with 'scheduling oom={1}'")),
    .init(.engines, "--oom-kill-disable", .instead("--with 'scheduling oom=-1000'", remark: "only real root may")),
    .init(.engines, "--ulimit", "nofile=1024", .instead("--with 'rlimit {1}'")),
    .init(.engines, "--shm-size", "SIZE", .instead("--set dev.shm={1}")),
    .init(.engines, "--shm-size-systemd", "SIZE", .missing("no systemd is set up", fix: "leave it out")),
    .init(.engines, "--tmpfs", "/tmp", .made(tmpfs, remark: "its size is a key: size=64M")),
    .init(
      .engines, "--read-only-tmpfs",
      .instead("--with 'tmpfs to=/tmp'", remark: "each one is a line, of whatever can be written")),
    .init(
      .engines, "--mount", "type=bind,source=FROM,target=TO",
      .made(mount, remark: "each kind of mount has a stage or an option of its own")),
    .init(.engines, "--device", "/dev/fuse", .made(device, remark: "devices are named by their paths in /dev")),
    .init(
      .engines, "--gpus --device-cgroup-rule", "NAME",
      .missing("devices are given one by one", fix: "write --set dev.devices+=dri for instance")),
    .init(
      .engines, "--sysctl", "NAME=VALUE",
      .missing(
        "/proc/sys is read-only inside", fix: "write --with 'hook phase=in-child run=sysctl args=-w args={1}'")),
  ]

  /// `/run:rw,size=64m,mode=755`.
  @Sendable private static func tmpfs(_ text: String) -> String? {
    let parts = text.fields(":", most: 2)
    var words = "tmpfs to=\(parts[0])"
    for part in parts.count > 1 ? parts[1].fields(",") : [] {
      if part.begins(with: "size=") || part.begins(with: "mode=") || part == "noexec" { words += " \(part)" }
    }
    return "--with '\(words)'"
  }

  /// `/dev/net/tun:/dev/net/tun:rwm`.
  @Sendable private static func device(_ text: String) -> String? {
    let path = text.fields(":")[0]
    return path.begins(with: "/dev/") ? "--set dev.devices+=\(path.dropping(5))" : nil
  }

  /// `type=bind,source=/a,target=/b,readonly`.
  @Sendable private static func mount(_ text: String) -> String? {
    var (type, from, to, isReadOnly): (String, String?, String?, Bool) = ("volume", nil, nil, false)
    for field in text.fields(",") {
      let sides = field.fields("=", most: 2)
      let value = sides.count > 1 ? sides[1] : nil
      switch sides[0] {
      case "type": type = value ?? ""
      case "source", "src": from = value
      case "target", "destination", "dst": to = value
      case "readonly", "ro": isReadOnly = value == nil || value == "true" || value == "1"
      default: break
      }
    }
    guard let to else { return nil }
    switch type {
    case "tmpfs": return "--with 'tmpfs to=\(to)'"
    case "bind", "volume": return "-v \(from ?? "FROM"):\(to)\(isReadOnly ? ":ro" : "")"
    default: return nil
    }
  }
}
