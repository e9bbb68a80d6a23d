"""The results as text: a Markdown table, the list of system calls, and what was measured on."""

import os
import platform
import re
import subprocess

from bench.runners import FLOOR, LITTLECTR

HEADER = ("runner", "median", "fastest", "times floor", "over the rounds", "system calls", "peak memory", "waiting")


def table(results):
  rows = [HEADER, ("---",) + ("---:",) * (len(HEADER) - 1)]
  rows += [row(result) for result in by_speed(results)]
  return "\n".join("| " + " | ".join(cells) + " |" for cells in rows)


def by_speed(results):
  """The fastest first; what couldn't be measured last."""
  return sorted(results.values(), key=lambda result: result.median if not result.problem else float("inf"))


def row(result):
  if result.problem:
    return (result.runner, result.problem.replace("|", "/")) + ("",) * (len(HEADER) - 2)
  low, high = min(result.round_ratios), max(result.round_ratios)
  return (result.runner, milliseconds(result.median), milliseconds(min(result.times)), f"{result.ratio:.2f}",
          f"{low:.2f} to {high:.2f}", str(result.calls.total()), megabytes(result.peak), megabytes(result.waiting))


def milliseconds(seconds):
  return f"{1000 * seconds:.2f} ms"


def megabytes(count):
  return f"{count / 1e6:.1f} MB"


def call_table(results):
  """Every system call with its count in every runner; first those that littlectr, or else floor, makes most often."""
  measured = [result for result in results.values() if not result.problem]
  names = {name for result in measured for name in result.calls}
  lead = next((result for result in measured if result.runner in (LITTLECTR, FLOOR)), measured[0])
  rows = [("system call",) + tuple(result.runner for result in measured), ("---",) + ("---:",) * len(measured)]
  for name in sorted(names, key=lambda name: (-lead.calls[name], name)):
    rows.append((name,) + tuple(str(result.calls[name] or "") for result in measured))
  return "\n".join("| " + " | ".join(cells) + " |" for cells in rows)


def conditions(rounds, runs, own_calls):
  """One sentence each about the machine, the versions and the method."""
  kernel = re.match(r"\d+\.\d+", platform.release())[0]
  return (f"Linux {kernel}, {platform.machine()}, {os.cpu_count()} cores{processor()}; {versions()}.\n"
          f"{rounds} rounds of {runs} runs of each in turn. {own_calls} of the system calls are /bin/true's own.")


def processor():
  try:
    with open("/proc/cpuinfo") as file:
      found = re.search(r"model name\s*: (.+)", file.read())
  except OSError:
    return ""
  return f" of {found[1]}" if found else ""


def versions():
  named = []
  for program in ("bwrap", "unshare", "crun", "runc", "hyperfine"):
    try:
      text = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
    except OSError:
      continue
    number = re.search(r"\d+\.\d+[\w.+]*", text)
    if number:
      named.append(f"{program} {number[0]}")
  return ", ".join(named)
