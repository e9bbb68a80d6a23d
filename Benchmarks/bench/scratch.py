"""A directory for one run of the benchmark, and the processes started in it."""

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import tempfile
import time

PR_SET_CHILD_SUBREAPER = 36
ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
TIMEOUT = 120


class Failed(Exception):
  """A program that the benchmark needs, or measures, did not do its work."""


@contextlib.contextmanager
def scratch_directory():
  """Yields a new directory; removes it at the end, also after Ctrl-C, and not before everything in it has ended."""
  # A runner whose hyperfine was killed becomes our child, so that it can be waited for.
  ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
  for number in ENDING_SIGNALS:
    signal.signal(number, lambda number, _: raise_exit(128 + number))
  directory = tempfile.mkdtemp(prefix="littlectr-benchmark.")
  try:
    os.chmod(directory, 0o711)  # an ordinary user's files are in here too
    yield directory
  finally:
    for number in ENDING_SIGNALS:
      signal.signal(number, signal.SIG_IGN)
    wait_for_orphans()
    shutil.rmtree(directory)


def raise_exit(status):
  raise SystemExit(status)


def wait_for_orphans(seconds=10):
  deadline = time.monotonic() + seconds
  with contextlib.suppress(ChildProcessError):
    while time.monotonic() < deadline:
      if os.waitpid(-1, os.WNOHANG)[0] == 0:
        time.sleep(0.01)


def start(argv, directory, **options):
  """Starts a process with an environment that is the same on every machine."""
  # TMPDIR, because a compiler that is killed leaves its files there.
  environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": directory, "TMPDIR": directory, "LC_ALL": "C"}
  # In a session of its own, so that Ctrl-C ends the benchmark and never a runner halfway: runc would leave its cgroup.
  return subprocess.Popen(argv, cwd=directory, env=environment, start_new_session=True, text=True, **options)


def call(argv, directory):
  """Runs a program to its end and returns its standard output."""
  process = start(argv, directory, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
  with process:
    try:
      output, errors = process.communicate(timeout=TIMEOUT)
    except BaseException as error:
      process.kill()
      if isinstance(error, subprocess.TimeoutExpired):
        raise Failed(f"{argv[0]}: no end after {TIMEOUT} s") from None
      raise
  if process.returncode != 0:
    raise Failed(last_line(errors) or f"{argv[0]}: exit status {process.returncode}")
  return output


def last_line(text):
  lines = [line.strip() for line in text.splitlines() if line.strip()]
  return lines[-1] if lines else ""
