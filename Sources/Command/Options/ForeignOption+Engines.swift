/// What `docker run` and `podman run` have for running a command. Their manual pages: docker-run(1), podman-run(1).
extension ForeignOption {
  static let engines: [ForeignOption] = [
    .init(.engines, "-i --interactive", .given("the command always has your standard input")),
    .init(.engines, "-t --tty", .given("the command has a terminal of its own whenever you sit at one")),
    .init(.engines, "--rm", .given("a container leaves nothing behind when it ends")),
    .init(.engines, "--sig-proxy", .given("signals are passed on to the command")),
    .init(.engines, "--no-healthcheck", .given("nothing watches a container")),
    .init(.engines, "--disable-content-trust", .given("nothing is fetched")),
    .init(.engines, "-q --quiet", .given("littlectr says nothing of what went well")),
    .init(
      .engines, "-d --detach",
      .missing("a container runs in the foreground", fix: "leave it out, and write: setsid littlectr run … &")),
    .init(
      .engines, "--name", "NAME",
      .missing("containers have no names, and nothing lists them", fix: "leave it out; the host name is --hostname {1}")
    ),
    .init(
      .engines,
      "--cidfile --conmon-pidfile --pidfile --pod-id-file --label -l --label-file --annotation --pod --replace --requires",
      .missing("containers have no names, and nothing lists them", fix: "leave it out")),
    .init(
      .engines, "--entrypoint", "PROGRAM",
      .missing("an image says nothing of what to run", fix: "write {1} and its arguments after the options")),
    .init(
      .engines, "--env-file", "FILE",
      .missing(
        "no file of variables is read", fix: "env $(cat {1}) littlectr run -e NAME …, with each name; or -e NAME=VALUE")
    ),
    .init(
      .engines, "--env-host", .instead("--set env.pass+=NAME", remark: "each variable is named, or its beginning: LC_*")
    ),
    .init(
      .engines, "--env-merge", "NAME=VALUE", .instead("-e {1}", remark: "an image brings no variables to merge with")),
    .init(.engines, "--unsetenv", "NAME", .instead("--set env.unset+={1}")),
    .init(
      .engines, "--unsetenv-all",
      .instead("--set env.pass=none", remark: "none of yours comes in but what env passes on")),
    .init(
      .engines, "--http-proxy", .instead("--set env.pass+=http_proxy", remark: "the same for https_proxy and no_proxy")),
    .init(.engines, "--tz", "ZONE", .instead("-e TZ={1}")),
    .init(.engines, "--umask", "022", .instead("--with 'umask mask={1}'")),
    .init(
      .engines, "--preserve-fds --preserve-fd", "NUMBER",
      .instead("--set fds.keep=3", remark: "each descriptor is named by its number")),
    .init(
      .engines, "--group-add", "GROUP",
      .byValue(
        ["keep-groups": "--set userns.groups=keep"], otherwise: "supplementary groups are the user's",
        fix: "write --user USER --set user.groups+={1}")),
    .init(
      .engines, "--hostuser --passwd --passwd-entry --group-entry --init-path --personality", "TEXT",
      .missing("/etc/passwd and /etc/group are the image's", fix: "leave it out, or bind a file of yours: -v FILE:TO")),
    .init(
      .engines, "--volumes-from --volume-driver --secret --image-volume --chrootdirs", "NAME",
      .missing("there are no volumes beside files and directories of yours", fix: "write -v FROM:TO")),
    .init(
      .engines, "--privileged",
      .missing(
        "root inside is never root of your machine's, whatever it keeps",
        fix: "switch off what is in the way, as in --without seccomp, or give what is needed, as in --cap-add all")),
    .init(
      .engines,
      """
      --restart --stop-signal --stop-timeout --timeout --health-cmd --health-interval --health-retries --health-timeout \
      --health-start-period --health-start-interval --health-on-failure --health-startup-cmd --log-driver --log-opt --sdnotify
      """,
      .missing("nothing watches a container once it runs", fix: "leave it to systemd-run --user, or to timeout(1)")),
    .init(
      .engines, "--pull", "POLICY",
      .byValue(
        ["never": "", "missing": ""], otherwise: "images are directories, which ./setup makes; run fetches none",
        fix: "leave it out")),
    .init(
      .engines, "--platform --arch --os --variant --authfile --creds --cert-dir --tls-verify --decryption-key --retry",
      .missing("images are directories, which ./setup makes; run fetches none", fix: "leave it out")),
    .init(.engines, "--rmi", .missing("images are never removed by run", fix: "leave it out")),
    .init(
      .engines,
      """
      --runtime --isolation --cgroup-parent --cgroup-conf --cgroups --storage-opt --systemd --attach -a --detach-keys \
      --init-ctr --rdt-class --seccomp-policy
      """,
      .missing("it is about a daemon or another runtime, of which there is none", fix: "leave it out")),
  ]
}
