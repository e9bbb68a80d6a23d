"""The root file system that every container gets: `true` and `cat`, as dynamic as in a real one."""

import os
import re
import shutil
import subprocess

TRUE = "/bin/true"
CAT = "/bin/cat"
LOADER_CACHE = "/etc/ld.so.cache"


def make_root(directory, identity):
  """Fills `directory` from the host. Owned by the identity, since crun and runc make device nodes in it."""
  for mount_point in ("proc", "dev", "sys", "tmp", "etc", "bin"):
    os.makedirs(os.path.join(directory, mount_point))
  for program in (TRUE, CAT):
    copy(program, directory)
    for library in shared_objects(program):
      copy(library, directory)
  # Without the cache the loader looks through its directories, which a real root's loader doesn't.
  if os.path.exists(LOADER_CACHE):
    copy(LOADER_CACHE, directory)
  give(directory, identity)


def copy(path, directory):
  target = directory + path
  os.makedirs(os.path.dirname(target), exist_ok=True)
  shutil.copy(path, target)


def shared_objects(program):
  listing = subprocess.run(["ldd", program], capture_output=True, text=True).stdout
  return re.findall(r"(/\S+) \(0x", listing)  # none for a static program


def give(directory, identity):
  """Makes the identity the owner of a whole tree."""
  if os.geteuid() == identity.uid:
    return
  for folder, _, files in os.walk(directory):
    for path in [folder] + [os.path.join(folder, file) for file in files]:
      os.chown(path, identity.uid, identity.gid, follow_symlinks=False)
