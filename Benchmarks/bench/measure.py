"""Measures runners: time with hyperfine, system calls with strace, memory from the kernel."""

import collections
import dataclasses
import json
import select
import shlex
import statistics
import subprocess

from bench.root import CAT, TRUE
from bench.runners import FLOOR, LITTLECTR
from bench.scratch import TIMEOUT, Failed, call, start

WARMUP = 3
REPEATS = 3  # of what hardly varies: system calls and memory


@dataclasses.dataclass
class Result:
  runner: str
  problem: str = ""                                                            # why there is nothing else
  rounds: list = dataclasses.field(default_factory=list)                       # seconds, a list for every round
  calls: collections.Counter = dataclasses.field(default_factory=collections.Counter)
  peak: int = 0                                                                # bytes
  waiting: int = 0                                                             # bytes
  floor: "Result | None" = None

  @property
  def times(self):
    return [time for round_ in self.rounds for time in round_]

  @property
  def median(self):
    return statistics.median(self.times)

  @property
  def ratio(self):
    return self.median / self.floor.median

  @property
  def round_ratios(self):
    return [statistics.median(ours) / statistics.median(floor) for ours, floor in zip(self.rounds, self.floor.rounds)]


class Meter:
  """Measures the runners of one workshop."""

  def __init__(self, workshop):
    self.workshop = workshop
    self.prefix = list(workshop.identity.prefix)

  def measure(self, runners, rounds, runs):
    """Results by the runner's name, in the given order."""
    results = {runner.name: Result(runner.name, self.trial(runner)) for runner in runners}
    if results[FLOOR].problem:
      raise Failed(f"floor {results[FLOOR].problem}")  # and so would all others, or there is nothing to compare with
    able = [runner for runner in runners if not results[runner.name].problem]
    for number in range(rounds):
      # In turn, and every round begins with another one, so that drift and neighbours hit all alike.
      first = number % len(able)
      self.time_round(able[first:] + able[:first], runs, results)
    for runner in able:
      result = results[runner.name]
      result.calls = self.system_calls(runner.argv(TRUE))
      result.peak = self.peak_memory(runner)
      result.waiting = self.waiting_memory(runner)
      result.floor = results[FLOOR]
    return results

  def trial(self, runner):
    """Why the runner can't be measured here, or an empty string."""
    if runner.program is None:
      return "not built" if runner.name == LITTLECTR else "not installed"
    try:
      call(self.prefix + runner.argv(TRUE), self.workshop.directory)
    except Failed as failure:
      return f"fails here: {failure}".replace(self.workshop.directory, "")
    return ""

  def time_round(self, runners, runs, results):
    report = self.workshop.path("hyperfine.json")
    argv = ["hyperfine", "-N", "--style", "none", "--warmup", str(WARMUP), "--runs", str(runs), "--export-json", report]
    for runner in runners:
      argv += ["--command-name", runner.name]
    call(self.prefix + argv + [shlex.join(runner.argv(TRUE)) for runner in runners], self.workshop.directory)
    with open(report) as file:
      for measured in json.load(file)["results"]:
        results[measured["command"]].rounds.append(measured["times"])

  def system_calls(self, argv):
    """The calls of all processes. The smallest of some runs, since a runtime with threads varies. strace never counts
    exit_group, which doesn't return."""
    return min((self.count_calls(argv) for _ in range(REPEATS)), key=lambda calls: calls.total())

  def count_calls(self, argv):
    report = self.workshop.path("strace.txt")
    call(self.prefix + ["strace", "-f", "-c", "-o", report, "--"] + argv, self.workshop.directory)
    calls = collections.Counter()
    with open(report) as file:
      for fields in map(str.split, file):
        # Columns: % time, seconds, usecs/call, calls, [errors,] syscall
        if len(fields) in (5, 6) and fields[3].isdigit() and fields[-1] != "total":
          calls[fields[-1]] += int(fields[3])
    return calls

  def peak_memory(self, runner):
    """The maximum resident set of the largest process."""
    argv = self.prefix + [self.workshop.maxrss] + runner.argv(TRUE)
    return 1024 * statistics.median(int(call(argv, self.workshop.directory)) for _ in range(REPEATS))

  def waiting_memory(self, runner):
    """The resident memory of the process that the user started, while the container runs."""
    argv = self.prefix + runner.argv(CAT)
    with start(argv, self.workshop.directory, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
               stderr=subprocess.DEVNULL) as process:
      try:
        # The container is up when its cat answers; it ends when we close its input.
        process.stdin.write("up\n")
        process.stdin.flush()
        if not (select.select([process.stdout], [], [], TIMEOUT)[0] and process.stdout.readline() == "up\n"):
          raise Failed(f"{runner.name}: cat in the container doesn't answer")
        return resident(process.pid)
      finally:
        process.stdin.close()


def resident(pid):
  with open(f"/proc/{pid}/status") as file:
    for line in file:
      if line.startswith("VmRSS:"):
        return 1024 * int(line.split()[1])
  raise Failed(f"process {pid} ended early")
