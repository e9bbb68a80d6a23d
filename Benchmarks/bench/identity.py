"""Who runs the containers: real root, or an ordinary user."""

import dataclasses
import os
import pwd

from bench.scratch import Failed

HYBRID_CGROUPS = "/sys/fs/cgroup/unified"


@dataclasses.dataclass(frozen=True)
class Identity:
  title: str
  uid: int
  gid: int
  prefix: tuple  # put before a command, becomes it by execve, and so isn't in any measurement

  @property
  def is_root(self):
    return self.uid == 0


def identities(as_user):
  """The caller, and if that is root, an ordinary user as well."""
  if os.geteuid() != 0:
    return [Identity("as an ordinary user", os.geteuid(), os.getegid(), ())]
  namespace = tuple(without_hybrid_cgroups())
  found = [Identity("as root", 0, 0, namespace)]
  if as_user:
    try:
      entry = pwd.getpwnam(as_user)
    except KeyError:
      raise Failed(f"no such user: {as_user}") from None
    setpriv = ("setpriv", "--reuid", str(entry.pw_uid), "--regid", str(entry.pw_gid), "--init-groups", "--")
    found.append(Identity("as an ordinary user", entry.pw_uid, entry.pw_gid, namespace + setpriv))
  return found


def without_hybrid_cgroups():
  """crun refuses hybrid cgroups: all are measured in one mount namespace without them, and the host keeps its own."""
  if not os.path.ismount(HYBRID_CGROUPS):
    return []
  script = f'umount -l {HYBRID_CGROUPS} && exec "$@"'
  return ["unshare", "--mount", "--propagation", "private", "--", "sh", "-c", script, "sh"]
