/// What `docker run` and `podman run` have. Their manual pages: docker-run(1), podman-run(1).
extension ForeignOption {
  static let engines: [ForeignOption] = [
    .init(.engines, "-i --interactive", .given("the command always has your standard input")),
    .init(.engines, "-t --tty", .given("the command has a terminal of its own whenever you sit at one")),
    .init(.engines, "--rm", .given("a container leaves nothing behind when it ends")),
    .init(
      .engines, "-d --detach",
      .missing("a container runs in the foreground", fix: "setsid littlectr run … &, without it")),
    .init(
      .engines, "--name --cidfile --label -l --annotation --pod --replace",
      .missing("containers have no names, and nothing lists them", fix: "leave it out")),
    .init(
      .engines, "-p --publish -P --publish-all --expose --link --ip --mac-address --network-alias",
      .missing(
        "an own network has no way to the host's, so that no port is passed on",
        fix: "leave it out, and net off: what the command listens on is then a port of your machine's")),
    .init(
      .engines, "--network --net", "NAME",
      .byValue(
        ["none": "--with net", "host": "--without net", "private": "--with net"],
        otherwise: "there is an own network without a way out, or your machine's, and no other",
        fix: "write --with net, or --without net")),
    .init(
      .engines, "--dns", "ADDRESS",
      .instead("--set etc.resolv={value}", remark: "the stage etc writes the container's resolv.conf")),
    .init(
      .engines, "--dns-search --dns-option --dns-opt --add-host --no-hosts --domainname", "TEXT",
      .instead("--with 'file to=/etc/hosts text=\"127.0.0.1 localhost\\n\"'", remark: "a whole file is given as a text")
    ),
    .init(
      .engines, "-m --memory --memory-swap --memory-reservation --cpus --cpu-shares -c --cpu-quota --blkio-weight",
      "SIZE",
      .missing(
        "limits for all processes together need a cgroup, which littlectr doesn't make",
        fix:
          "systemd-run --user --scope -p MemoryMax=512M -p CPUQuota=50% littlectr run …; or for each process --with 'rlimit as=512M'"
      )),
    .init(
      .engines, "--pids-limit", "NUMBER", .instead("--with 'rlimit nproc={value}'", remark: "it counts your user's")),
    .init(.engines, "--cpuset-cpus", "LIST", .instead("--with 'scheduling cpus={value}'")),
    .init(.engines, "--oom-score-adj", "NUMBER", .instead("--with 'scheduling oom={value}'")),
    .init(.engines, "--ulimit", "nofile=1024", .instead("--with 'rlimit {value}'")),
    .init(.engines, "--tmpfs", "/tmp", .instead("--with 'tmpfs to={value}'", remark: "its size is a key: size=64M")),
    .init(
      .engines, "--mount", "TEXT",
      .instead("--bind FROM:TO", remark: "--bind FROM:TO:ro for one that is read-only; tmpfs is a stage")),
    .init(
      .engines, "--volumes-from --volume-driver --secret --image-volume", "NAME",
      .missing("there are no volumes beside files and directories of yours", fix: "write -v FROM:TO")),
    .init(
      .engines, "--device", "/dev/fuse",
      .instead(
        "--set dev.devices+=NAME", remark: "the stage dev takes devices by their paths in /dev, as fuse or net/tun")),
    .init(
      .engines, "--gpus --device-cgroup-rule --device-read-bps", "NAME",
      .missing("devices are given one by one", fix: "write --set dev.devices+=dri for instance")),
    .init(
      .engines, "--privileged",
      .missing(
        "root inside is never root of your machine's, whatever it keeps",
        fix: "switch off what is in the way, as in --without seccomp, or give what is needed, as in --cap-add all")),
    .init(
      .engines, "--env-file", "FILE",
      .missing(
        "no file of variables is read", fix: "env $(cat FILE) littlectr run --set env.pass+=NAME …, or -e NAME=VALUE")),
    .init(
      .engines, "--env-host", .instead("--set env.pass+=NAME", remark: "each variable is named, or its beginning: LC_*")
    ),
    .init(.engines, "--unsetenv", "NAME", .instead("--set env.unset+={value}")),
    .init(
      .engines, "--unsetenv-all",
      .instead("--set env.pass=none", remark: "none of yours comes in but what env passes on")),
    .init(
      .engines, "--entrypoint", "PROGRAM",
      .missing("an image says nothing of what to run", fix: "write the program and its arguments behind the options")),
    .init(
      .engines, "--pid", "NAME",
      .byValue(
        ["host": "--without pid", "private": "--with pid"], otherwise: "no other container's process ids can be joined",
        fix: "write --without pid for your machine's")),
    .init(
      .engines, "--ipc", "NAME",
      .byValue(
        ["host": "--without ipc", "private": "--with ipc", "none": "--with ipc"],
        otherwise: "no other container's IPC can be joined", fix: "write --without ipc for your machine's")),
    .init(
      .engines, "--uts", "NAME",
      .byValue(
        ["host": "--without uts", "private": "--with uts"], otherwise: "the host name is own, or your machine's",
        fix: "write --without uts for your machine's")),
    .init(
      .engines, "--cgroupns", "NAME",
      .byValue(
        ["host": "--without cgroupns", "private": "--with cgroupns"],
        otherwise: "the tree of cgroups is own, or your machine's",
        fix: "write --without cgroupns for your machine's")),
    .init(
      .engines, "--userns", "NAME",
      .byValue(
        ["host": "--without userns", "keep-id": "--set userns.map=self", "auto": "--set userns.map=auto"],
        otherwise: "the stage userns maps ids", fix: "littlectr stages userns")),
    .init(
      .engines, "--security-opt", "TEXT",
      .byValue(
        [
          "seccomp=unconfined": "--without seccomp", "no-new-privileges": "--with nonewprivs",
          "no-new-privileges:true": "--with nonewprivs", "no-new-privileges=true": "--with nonewprivs",
          "no-new-privileges:false": "--without nonewprivs", "systempaths=unconfined": "--set proc.mask=none",
        ],
        otherwise: "seccomp, nonewprivs and landlock are stages; profiles of AppArmor and labels of SELinux aren't set",
        fix: "write --set seccomp.profile=FILE for a filter of your own")),
    .init(
      .engines, "--shm-size", "SIZE",
      .missing("/dev/shm is made by the stage dev", fix: "littlectr stages dev tells what can be said of it")),
    .init(
      .engines, "--sysctl", "TEXT",
      .missing("/proc/sys is read-only inside", fix: "--with 'hook phase=in-child run=sysctl args=-w args=NAME=VALUE'")),
    .init(.engines, "--group-add", "GROUP", .instead("--set user.groups+={value}")),
    .init(
      .engines, "--uidmap --gidmap --subuidname --subgidname", "IDS",
      .missing("the ranges of /etc/subuid and /etc/subgid are mapped as a whole", fix: "littlectr stages userns")),
    .init(.engines, "--umask", "022", .instead("--with 'umask mask={value}'")),
    .init(.engines, "--tz", "ZONE", .instead("-e TZ={value}")),
    .init(
      .engines, "--restart --stop-signal --stop-timeout --timeout --health-cmd --no-healthcheck --log-driver --log-opt",
      .missing("nothing watches a container once it runs", fix: "leave it to systemd-run --user, or to timeout(1)")),
    .init(
      .engines, "--pull --platform --arch --os --quiet -q --authfile --tls-verify",
      .missing("images are directories, which ./setup makes, and are never fetched by run", fix: "leave it out")),
    .init(
      .engines,
      "--runtime --isolation --cgroup-parent --cgroups --storage-opt --systemd --sig-proxy --attach -a --detach-keys",
      .missing("it is about a daemon or another runtime, of which there is none", fix: "leave it out")),
  ]
}
