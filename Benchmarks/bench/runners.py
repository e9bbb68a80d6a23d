"""The programs compared, and the command lines with which each does littlectr's six stages, or comes nearest."""

import dataclasses
import json
import os
import shutil

from bench.root import CAT, TRUE, give, make_root
from bench.scratch import call

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
REPOSITORY = os.path.dirname(HERE)
ALL_IDS = 4294967295
PATH_INSIDE = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
STATIC = ("gcc", "-O2", "-static")

LITTLECTR, FLOOR, BUBBLEWRAP = "littlectr", "floor", "bubblewrap"
WHOLE_LITTLECTR, WHOLE_BUBBLEWRAP = "littlectr, stages.conf", "bubblewrap, all unshared"


@dataclasses.dataclass
class Runner:
  name: str
  program: str | None  # None: not installed
  arguments: list

  def argv(self, command):
    """The command line that runs `command`, a path in the root, in a container."""
    return [self.program] + [argument.replace("BUNDLE", os.path.basename(command)) for argument in self.arguments]


class CommandLineRunner(Runner):
  """Takes the command at the end of its own command line; the others read it from a bundle."""

  def argv(self, command):
    return [self.program] + self.arguments + [command]


class Workshop:
  """Makes everything one identity needs in a directory of its own: the root, the bundles, the programs."""

  def __init__(self, directory, identity):
    self.directory, self.identity = directory, identity
    os.mkdir(directory)
    self.root = os.path.join(directory, "root")
    make_root(self.root, identity)
    for command in (TRUE, CAT):
      self.make_bundle(command)
    os.mkdir(self.path("state"))
    self.maxrss = self.compile("maxrss")
    self.runners = [self.littlectr(), self.floor(), self.bubblewrap(), self.unshare(), self.crun(), self.runc(),
                    self.whole_littlectr(), self.whole_bubblewrap()]
    give(directory, identity)

  def path(self, *parts):
    return os.path.join(self.directory, *parts)

  def compile(self, name):
    program = self.path(name)
    call([*STATIC, "-o", program, os.path.join(HERE, name + ".c")], self.directory)
    return program

  def littlectr(self):
    return self.littlectr_with(LITTLECTR, os.path.join(HERE, "six.conf"))

  def whole_littlectr(self):
    return self.littlectr_with(WHOLE_LITTLECTR, os.path.join(REPOSITORY, "stages.conf"))

  def littlectr_with(self, name, conf):
    program = os.environ.get("LITTLECTR") or os.path.join(REPOSITORY, "littlectr")
    if not (os.access(program, os.X_OK) and os.path.exists(conf)):
      return CommandLineRunner(name, None, [])
    # Copies: the ordinary user may be unable to reach the repository, and nobody rebuilds these while we measure.
    program = shutil.copy(os.path.abspath(program), self.path("littlectr"))
    conf = shutil.copy(conf, self.path(os.path.basename(conf)))
    arguments = ["run", "--conf", conf, "--set", "chroot.root=" + self.root]
    if not self.identity.is_root:
      arguments += ["--set", "userns.map=self"]  # one id, as all the others do, and no newuidmap
    return CommandLineRunner(name, program, arguments)

  def floor(self):
    return CommandLineRunner(FLOOR, self.compile("floor"), [self.root])

  def bubblewrap(self):
    return CommandLineRunner(BUBBLEWRAP, find("bwrap"), [
      "--unshare-user", "--uid", "0", "--gid", "0", "--unshare-uts", "--hostname", "littlectr", "--unshare-pid",
      "--bind", self.root, "/", "--proc", "/proc", "--die-with-parent", "--clearenv",
      "--setenv", *PATH_INSIDE.split("=", 1), "--setenv", "HOME", "/root"])

  def whole_bubblewrap(self):
    return CommandLineRunner(WHOLE_BUBBLEWRAP, find("bwrap"), [
      "--unshare-all", "--bind", self.root, "/", "--proc", "/proc", "--dev", "/dev"])

  def unshare(self):
    return CommandLineRunner("unshare(1)", find("unshare"), [
      "--user", "--map-root-user", "--uts", "--mount", "--pid", "--fork", "--kill-child",
      "--propagation", "private", "--root", self.root, "--mount-proc"])

  def crun(self):
    options = ["--root", self.path("state"), "--cgroup-manager", "disabled"]
    return Runner("crun", find("crun"), options + self.run_bundle())

  def runc(self):
    return Runner("runc", find("runc"), ["--root", self.path("state")] + self.run_bundle())

  def run_bundle(self):
    return ["run", "--bundle", self.path("BUNDLE"), f"littlectr-benchmark-{os.getpid()}"]

  def make_bundle(self, command):
    """Writes the least config.json that gives the six stages' namespaces, mounts and host name."""
    directory = self.path(os.path.basename(command))
    os.mkdir(directory)
    user, group = id_map(self.identity.uid), id_map(self.identity.gid)
    namespaces = [{"type": kind} for kind in ("user", "uts", "pid", "mount")]
    config = {
      "ociVersion": "1.0.2",
      "process": {"terminal": False, "user": {"uid": 0, "gid": 0}, "args": [command], "cwd": "/",
                  "env": [PATH_INSIDE, "HOME=/root"]},
      "root": {"path": self.root, "readonly": False},
      "hostname": "littlectr",
      "mounts": [{"destination": "/proc", "type": "proc", "source": "proc", "options": ["nosuid", "noexec", "nodev"]}],
      "linux": {"namespaces": namespaces, "uidMappings": [user], "gidMappings": [group],
                "rootfsPropagation": "private"},
    }
    with open(os.path.join(directory, "config.json"), "w") as file:
      json.dump(config, file)


def id_map(number):
  return {"containerID": 0, "hostID": number, "size": ALL_IDS if number == 0 else 1}


def find(program):
  # An ordinary user's PATH often lacks the directory that runc is in.
  return shutil.which(program, path=os.environ.get("PATH", os.defpath) + ":/usr/sbin:/sbin")
