/// What `docker run` and `podman run` have for networks, other namespaces and security.
extension ForeignOption {
  static let engineNamespaces: [ForeignOption] = [
    .init(
      .engines, "-p --publish --expose", "PORT",
      .missing(
        "a network of its own has no way to the host's, so that no port is passed on",
        fix: "leave it out, and net off: what the command listens on is then a port of your machine's")),
    .init(
      .engines, "-P --publish-all",
      .missing(
        "a network of its own has no way to the host's, so that no port is passed on", fix: "leave it out, and net off")
    ),
    .init(
      .engines, "--link --ip --ip6 --mac-address --network-alias --net-alias --link-local-ip", "TEXT",
      .missing("there are no networks that containers share", fix: "leave it out, and net off for your machine's")),
    .init(
      .engines, "--network --net", "NAME",
      .byValue(
        ["none": "--with net", "host": "--without net", "private": "--with net"],
        otherwise: "there is an own network without access to the internet, or your machine's, and no other",
        fix: "write --with net, or --without net")),
    .init(
      .engines, "--dns", "ADDRESS",
      .instead("--set etc.resolv={1}", remark: "the stage etc writes the container's resolv.conf")),
    .init(
      .engines, "--dns-search --dns-option --dns-opt --add-host --hosts-file --domainname", "TEXT",
      .instead(
        "--with 'file to=/etc/hosts text=\"127.0.0.1 localhost\\n\"'",
        remark: "a whole file is given as a text; for names of DNS it is /etc/resolv.conf")),
    .init(.engines, "--no-hosts", .instead("--set etc.hosts=none")),
    .init(.engines, "-h", "NAME", .instead("--hostname {1}", remark: "-h alone is --help here")),
    .init(.engines, "--no-hostname", .instead("--set etc.hostname=none")),
    .init(
      .engines, "--pid", "NAME",
      .byValue(
        ["host": "--without pid", "private": "--with pid"], otherwise: "no other container's process ids can be joined",
        fix: "write --without pid for your machine's")),
    .init(
      .engines, "--ipc", "NAME",
      .byValue(
        ["host": "--without ipc", "private": "--with ipc", "none": "--with ipc", "shareable": "--with ipc"],
        otherwise: "no other container's IPC can be joined", fix: "write --without ipc for your machine's")),
    .init(
      .engines, "--uts", "NAME",
      .byValue(
        ["host": "--without uts", "private": "--with uts"],
        otherwise: "the host name is the container's own, or your machine's",
        fix: "write --without uts for your machine's")),
    .init(
      .engines, "--cgroupns", "NAME",
      .byValue(
        ["host": "--without cgroupns", "private": "--with cgroupns"],
        otherwise: "the tree of cgroups is the container's own, or your machine's",
        fix: "write --without cgroupns for your machine's")),
    .init(
      .engines, "--userns", "NAME",
      .byValue(
        [
          "host": "--without userns", "private": "--with userns", "keep-id": "--set userns.map=self",
          "auto": "--set userns.map=auto", "nomap": "--set userns.map=self",
        ],
        otherwise: "the stage userns maps ids", fix: "littlectr stages userns tells how")),
    .init(
      .engines, "--security-opt", "TEXT",
      .byValue(
        [
          "seccomp=unconfined": "--without seccomp", "seccomp:unconfined": "--without seccomp",
          "no-new-privileges": "--with nonewprivs", "no-new-privileges:true": "--with nonewprivs",
          "no-new-privileges=true": "--with nonewprivs", "no-new-privileges:false": "--without nonewprivs",
          "no-new-privileges=false": "--without nonewprivs", "systempaths=unconfined": "--set proc.mask=none",
          "unmask=ALL": "--set proc.mask=none", "label=disable": "", "label:disable": "", "apparmor=unconfined": "",
          "apparmor:unconfined": "",
        ],
        otherwise: "seccomp, nonewprivs and landlock are stages; profiles of AppArmor and labels of SELinux aren't set",
        fix: "write --set seccomp.profile=FILE for a filter of your own")),
    .init(
      .engines, "--uidmap --gidmap --subuidname --subgidname", "IDS",
      .missing(
        "the ranges of /etc/subuid and /etc/subgid are mapped as a whole", fix: "littlectr stages userns tells how")),
  ]
}
