import Testing

@testable import Command
@testable import Pipeline
@testable import Stages

/// The words of Docker, Podman and bubblewrap.
struct ForeignOptionTests {
  @Test(
    "options of Docker and bubblewrap that ask for what is so in any case are accepted",
    arguments: [
      "-it", "-ti", "-i", "-t", "--rm", "--tty", "--interactive", "--rm=true", "--privileged=false", "--detach=false",
      "--sig-proxy", "--quiet", "-q", "--pull=never", "--security-opt=label=disable",
      "--security-opt=apparmor=unconfined", "-d=false", "-i=true",
    ])
  func whatIsSoInAnyCaseIsAccepted(word: String) throws {
    let parser = try arguments(RunCommand.self, [word, "sh", "-c", "x"])
    #expect(parser.options.settings.isEmpty && parser.words == ["sh", "-c", "x"])
    #expect(complaint(ExplainCommand.self, word) == "no error")
    #expect(complaint(StagesCommand.self, word).contains("unknown option"))
  }

  @Test(arguments: [
    (["-w/tmp"], "workdir.path=/tmp"), (["-w=/tmp"], "workdir.path=/tmp"), (["-w", "/tmp"], "workdir.path=/tmp"),
    (["-itw/tmp"], "workdir.path=/tmp"), (["-itw", "/tmp"], "workdir.path=/tmp"),
    (["--chdir", "/x"], "workdir.path=/x"),
    (["-eA=1"], "env.=A=1"), (["-e=A=1"], "env.=A=1"), (["-eA"], "env.=A"), (["-v."], "bind.volume=."),
    (["--volume", "/a:/b"], "bind.volume=/a:/b"), (["--volume=/a:/b:ro"], "bind.volume=/a:/b:ro"),
    (["--read-only"], "chroot.readonly="), (["--init"], "pid.init="), (["--die-with-parent"], "diewith.parent="),
    (["--cap-add", "NET_ADMIN"], "capabilities.keep=NET_ADMIN"), (["--cap-drop=ALL"], "capabilities.drop=ALL"),
    (["-unobody"], "user.name=nobody"), (["--rootfs", "/srv"], "chroot.root=/srv"),
  ])
  func whatMeansTheSameIsUnderstood(words: [String], setting: String) throws {
    let parser = try arguments(RunCommand.self, words + ["true"])
    #expect(parser.options.settings.map { "\($0.stage).\($0.key)=\($0.value ?? "")" } == [setting])
    #expect(parser.words == ["true"])
  }

  /// What is told of options, with stages.conf as it is shipped.
  private func told(_ words: [String]) throws -> String {
    let file = ConfigurationFile(name: "stages.conf", bytes: Array(try Repository.text("stages.conf").utf8))
    var configuration = try Configuration(file, catalog: tool.catalog, host: FakeHost().host)
    do throws(Failure) {
      let parser = try arguments(RunCommand.self, words + ["true"])
      try parser.options.change(&configuration)
      return parser.words == ["true"] ? "no error" : "the command is \(parser.words)"
    } catch { return error.text }
  }

  @Test(arguments: [
    (["--tmpfs", "/tmp"], "write --with 'tmpfs to=/tmp'"),
    (["--tmpfs", "/run:rw,size=64m,mode=755"], "write --with 'tmpfs to=/run size=64m mode=755'"),
    (["--network=none"], "write --with net"), (["--network", "none"], "write --with net"),
    (["--without", "uts", "--uts=private"], "write --with uts"),
    (["--with", "net", "--net=host"], "write --without net"),
    (["--network", "lan"], "no other"), (["--ulimit", "nofile=9"], "--with 'rlimit nofile=9'"),
    (["--ro-bind", "/a", "/b"], "write -v /a:/b:ro"), (["--unshare-net"], "write --with net"),
    (["--unshare-all"], "write --with net"), (["-d"], "runs in the foreground"), (["-itd"], "runs in the foreground"),
    (["--detach"], "runs in the foreground"), (["-p8080:80"], "no port is passed on"), (["-p", "80"], "no port"),
    (["--publish=80:80"], "no port"), (["--name", "x"], "no names"), (["--name=x"], "no names"),
    (["--memory=1g"], "cgroup"), (["-m", "1g"], "MemoryMax=1g"), (["-m1g"], "MemoryMax=1g"),
    (["--cpus", "2"], "CPUQuota"),
    (["--privileged"], "never root of your machine's"), (["--setenv", "A", "b"], "write -e A=b"),
    (["--security-opt", "seccomp=unconfined"], "write --without seccomp"),
    (["--device", "/dev/net/tun:/dev/net/tun"], "write --set dev.devices+=net/tun"),
    (["--device=/dev/kvm"], "write --set dev.devices+=kvm"), (["--shm-size", "1g"], "write --set dev.shm=1g"),
    (["--mount", "type=bind,src=/a,dst=/b,readonly"], "write -v /a:/b:ro"),
    (["--mount=type=tmpfs,destination=/x"], "write --with 'tmpfs to=/x'"),
    (["--env-file", "vars"], "env $(cat vars)"), (["--entrypoint", "sh"], "write sh and its arguments"),
    (["--group-add", "keep-groups"], "write --set userns.groups=keep"), (["--pids-limit", "9"], "rlimit nproc=9"),
    (["--dev-bind", "/", "/"], "from=/ to=/ nodev=no"), (["--clearenv"], "write --set env.pass=none"),
    (["--uid", "7"], "write --user 7"), (["--symlink", "a", "/b"], "not by options"), (["--as-pid-1"], "pid.init=no"),
    (["--rm=false"], "can't be"), (["--rmm"], "did you mean '--rm'?"), (["-rm"], "did you mean '--rm'?"),
    (["-t=false"], "can't be"), (["-h", "lab"], "write --hostname lab"), (["-hlab"], "write --hostname lab"),
    (["--proc", "/other"], "at /proc"), (["--dev", "/other"], "at /dev"), (["--mqueue", "/mq"], "at /dev/mqueue"),
    (["--without", "pid,uts", "--unshare-all"], "write --with pid --with net --with uts"),
    (["--volum", "x"], "did you mean '--volume'?"), (["--bind", "/", "/", "--dev"], "write --bind /:/, or -v /:/"),
  ])
  func whatIsOtherwiseHereIsTold(words: [String], hint: String) throws {
    let told = try told(words)
    #expect(told.contains(hint) && told.hasPrefix("littlectr: "), "\(told)")
  }

  /// What stages.conf does already is accepted, with its value.
  @Test(arguments: [
    ["--unshare-pid"], ["--unshare-user", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup"], ["--proc", "/proc"],
    ["--dev", "/dev"], ["--share-net"], ["--network", "host"], ["--net=host"], ["--pid=private"], ["--ipc", "private"],
    ["--new-session"], ["--with", "net", "--network=none"], ["--with", "net", "--unshare-all"],
    ["--userns", "private"],
    ["--without", "seccomp", "--security-opt", "seccomp=unconfined"], ["--security-opt", "label=disable"],
    ["--pull", "never"], ["--die-with-parent"], ["-it", "--rm", "--init", "--hostname", "lab"],
  ])
  func whatIsSoAlreadyIsAccepted(words: [String]) throws { #expect(try told(words) == "no error") }

  @Test func helpIsOneLetterAlone() throws {
    #expect(try arguments(RunCommand.self, ["-h"]).wantsHelp)
    #expect(try arguments(RunCommand.self, ["-h", "--with"]).wantsHelp)
    #expect(try arguments(StagesCommand.self, ["-h", "uts"]).wantsHelp)
  }

  /// Docker's meaning: one more, or all but one.
  @Test(arguments: [
    (["--cap-add", "NET_ADMIN"], "default net_admin", ""),
    (["--cap-drop=ALL", "--cap-add", "CHOWN"], "default chown", "all"),
    (["--set", "capabilities.keep=chown"], "chown", ""), (["--set", "capabilities.keep=none"], "", ""),
    (["--set", "capabilities.keep+=chown", "--cap-add", "kill"], "default chown kill", ""),
  ])
  func capabilitiesAreListed(words: [String], keep: String, drop: String) throws {
    let file = ConfigurationFile(name: "x.conf", bytes: Array("capabilities".utf8))
    var configuration = try Configuration(file, catalog: tool.catalog, host: FakeHost().host)
    try arguments(RunCommand.self, words).options.change(&configuration)
    let stage = try #require(configuration.entries[0].stage as? Capabilities)
    #expect(stage.settings.map(\.value) == [keep, drop])
    var container = Container(command: [], host: try #require(FakeHost.named("root")).host)
    try stage.shape(&container)
    if keep.isEmpty { #expect(container.capabilities?.names.isEmpty == true) }
    if drop == "all" { #expect(container.capabilities?.names == ["chown"]) }
  }

  @Test(
    "mask+= adds to the usual masks, and mask= replaces them",
    arguments: [
      ("proc mask+=/proc/version", "default /proc/version"), ("proc mask=/proc/version", "/proc/version"),
      ("proc mask=none mask=/proc/version", "/proc/version"), ("proc", "default"),
    ] as [(String, String)])
  func aDefaultIsAddedTo(line: String, mask: String) throws {
    let file = ConfigurationFile(name: "x.conf", bytes: Array(line.utf8))
    let entries = try Configuration(file, catalog: tool.catalog, host: FakeHost().host).entries
    #expect(entries[0].stage.settings.first { $0.key == "mask" }?.value == mask)
  }

  @Test func noNameStandsTwice() {
    let own = tool.catalog.types.flatMap { type in
      type.options.flatMap { option in
        ([option.flag] + option.aliases).compactMap { $0.map { "--" + $0 } } + (option.letter.map { ["-\($0)"] } ?? [])
      }
    }
    let all = own + ForeignOption.all.flatMap(\.names)
    #expect(Set(all).count == all.count, "\(all.filter { name in all.filter { $0 == name }.count > 1 })")
  }

  /// What is proposed can be written.
  @Test(arguments: ForeignOption.all.indices) func whatIsProposedIsUnderstood(index: Int) throws {
    let option = ForeignOption.all[index]
    var proposals: [String] = []
    switch option.answer {
    case .instead, .made: proposals = [try #require(option.words([]))]
    case .byValue(let words, _, let fix):
      proposals = words.map(\.value).filter { !$0.isEmpty }
      #expect(!fix.isEmpty)
    case .given(let reason): #expect(!reason.isEmpty && option.values.isEmpty)
    case .missing(let lack, let fix): #expect(!lack.isEmpty && !fix.isEmpty)
    }
    for proposal in proposals {
      let options = try arguments(RunCommand.self, shellWords(proposal)).options
      for line in options.with {
        let stage = String(line.prefix { $0 != " " })
        #expect(tool.catalog[name: stage] != nil, "\(proposal)")
        for word in line.split(separator: " ").dropFirst() where word.contains("=") {
          let key = String(word.prefix { $0 != "=" })
          #expect(tool.catalog[name: stage]?.options.contains { $0.key == key } == true, "\(proposal)")
        }
      }
      for name in options.without { #expect(tool.catalog[name: name] != nil, "\(proposal)") }
      for text in options.set {
        let names = text.prefix { $0 != "=" && $0 != "+" }.split(separator: ".").map(String.init)
        #expect(tool.catalog[name: names[0]]?.options.contains { $0.key == names[1] } == true, "\(proposal)")
      }
    }
  }

  private func shellWords(_ text: String) -> [String] {
    var words = [""]
    var isQuoted = false
    for character in text {
      if character == "'" {
        isQuoted.toggle()
      } else if character == " ", !isQuoted {
        words.append("")
      } else {
        words[words.count - 1].append(character)
      }
    }
    return words
  }
}
