# shellcheck shell=bash
# What all of set-up's files use: messages, root, and work that a signal can stop.

# Says what happens, one line a phase.
say() { printf 'setup: %s\n' "$*" >&2; }

# Says why set-up can't go on, and stops.
die() {
  printf 'setup: error: %s\n' "$*" >&2
  exit 1
}

# Refuses a command line.
usage_error() {
  printf "setup: %s; './setup --help' tells\n" "$*" >&2
  exit 2
}

# Whether a command is there.
have() { command -v "$1" >/dev/null 2>&1; }

# Whether the person at this terminal, or this account's sudo rights, can make us root.
can_be_root() {
  [ "$EUID" -eq 0 ] || { have sudo && { sudo -n true 2>/dev/null || [ -t 0 ]; }; }
}

# Runs a command as root.
as_root() {
  if [ "$EUID" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

job_pid=''

# Runs a long command in a process group of its own. bash runs a trap only when its foreground command has ended, so
# without this a SIGTERM to set-up alone would wait for tar, and leave tar's children alone afterwards.
job() {
  local status=0
  set -m
  # In the background it may not read from the terminal, and must not stop when it writes there.
  {
    trap '' TTOU
    "$@"
  } </dev/null &
  job_pid=$!
  set +m
  wait "$job_pid" || status=$?
  job_pid=''
  return "$status"
}

temporary=()

# Stops what still runs and removes what isn't finished. The EXIT trap.
clean_up() {
  local status=$? path i
  trap '' HUP INT TERM
  if [ -n "$job_pid" ]; then
    kill -TERM -- "-$job_pid" 2>/dev/null || true
    # Not only until its first process has ended: mmdebstrap takes a moment to clean up behind itself.
    for ((i = 0; i < 100; i++)); do
      kill -0 -- "-$job_pid" 2>/dev/null || break
      sleep 0.1
    done
    kill -KILL -- "-$job_pid" 2>/dev/null || true
  fi
  [ -z "$swift_new" ] || "${swift_runner[@]}" rm -rf -- "$swift_new"
  for path in "${temporary[@]}"; do remove_tree "$path"; done
  exit "$status"
}
