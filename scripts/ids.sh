# shellcheck shell=bash
# User and group ids: those the image's files belong to are those that littlectr's userns stage (map=auto) maps.
# Inside 0 is you; inside 1 and up are your subordinate ranges of /etc/subuid. With one id, everything is yours.

ids_mode=one
ids_uids='' ids_gids=''

# Prints "INSIDE START COUNT" for each of this user's ranges in FILE, by name or number, as littlectr maps them: without the
# id OWN and what a range above has, and no more than one map can have.
ids_ranges() {
  awk -F: -v name="$(id -un 2>/dev/null)" -v number="$EUID" -v own="$2" '
    function add(first, last) {
      if (first > last || full) return
      line = sprintf("%.0f %.0f %.0f", inside, first, last - first + 1)
      length_all += length(line) + 1
      if (count == 340 || length_all > 4095) { full = 1; return }
      print line
      begins[count] = first; ends[count] = last
      inside += last - first + 1; count++
    }
    # What is left of a range beside those from the one numbered I on.
    function cut(first, last, i) {
      for (; i < taken; i++)
        if (begins[i] <= last && first <= ends[i]) {
          cut(first, (begins[i] - 1 < last ? begins[i] - 1 : last), i + 1)
          if (ends[i] + 1 > first) cut(ends[i] + 1, last, i + 1)
          return
        }
      add(first, last)
    }
    BEGIN { inside = count = 1; begins[0] = ends[0] = own; length_all = length("0 " own " 1") + 1 }
    ($1 == name || $1 == number) && NF == 3 && $2 ~ /^[1-9][0-9]*$/ && $3 ~ /^[1-9][0-9]*$/ &&
      $2 + $3 <= 4294967295 && inside + $3 <= 4294967295 { taken = count; cut($2 + 0, $2 + $3 - 1, 0) }
  ' "$1" 2>/dev/null || true
}

# Prints "FIRST-LAST", 65536 ids that are nobody's: neither in /etc/subuid and /etc/subgid, nor a user's or group's own.
ids_free() {
  {
    awk -F: 'NF >= 3 { print $2 ":" $3 }' /etc/subuid /etc/subgid
    awk -F: 'NF >= 3 { print $3 ":1" }' /etc/passwd /etc/group
    printf '%s:1\n' "$EUID" "$(id -g)"
  } 2>/dev/null | sort -t: -k1,1n | awk -F: '
    BEGIN { free = 100000; size = 65536 }
    $1 < free + size && $1 + $2 > free { free = $1 + $2 }
    END { if (free + size <= 4294967295) printf "%.0f-%.0f\n", free, free + size - 1; else print "FIRST-LAST" }'
}

# Finds out which ids we have, and says what is missing for more than one.
ids_check() {
  ids_mode=one
  if [ "$EUID" -eq 0 ]; then
    ids_mode=root
    return 0
  fi
  local free
  ids_uids=$(ids_ranges /etc/subuid "$EUID")
  ids_gids=$(ids_ranges /etc/subgid "$(id -g)")
  if [ -z "$ids_uids" ] || [ -z "$ids_gids" ]; then
    free=$(ids_free)
    say "you have no ids in /etc/subuid and /etc/subgid, so I go on with one id. That is fine for most things, but apt" \
      "and su need more inside. For a full range:"
    printf '  sudo usermod --add-subuids %s --add-subgids %s %s\n  ./setup --force\n' "$free" "$free" "$(id -un)" >&2
  elif ! have newuidmap || ! have newgidmap; then
    say "newuidmap isn't there (package uidmap), so I go on with one id"
  # chroot(2), because AppArmor lets the namespace be made and then takes its capabilities away.
  elif ! ids_mode=range in_ids chroot / true 2>/dev/null; then
    say "a user namespace with a range of ids can't be made here, so I go on with one id; $(ids_cause)"
  else
    ids_mode=range
  fi
}

# Prints what keeps user namespaces from working on this machine.
ids_cause() {
  local name
  for name in kernel/unprivileged_userns_clone user/max_user_namespaces; do
    if [ "$(cat "/proc/sys/$name" 2>/dev/null)" = 0 ]; then
      printf 'sysctl %s is 0\n' "${name/\//.}"
      return 0
    fi
  done
  if [ "$(cat /proc/sys/kernel/apparmor_restrict_unprivileged_userns 2>/dev/null)" = 1 ]; then
    printf 'AppArmor takes their rights away: sysctl kernel.apparmor_restrict_unprivileged_userns is 1\n'
  elif [ "$(id -g)" != "$(id -g -- "$(id -un 2>/dev/null)" 2>/dev/null)" ]; then
    printf 'newuidmap refuses, since your group is %s and not your own: leave newgrp\n' "$(id -g)"
  elif grep -q '^NoNewPrivs:[[:space:]]*1' /proc/self/status 2>/dev/null; then
    printf "newuidmap can't become root, since no_new_privs is set here\n"
  elif [ ! -u "$(command -v newuidmap)" ] && ! ids_has_capability; then
    printf 'newuidmap has neither its set-user-ID bit nor a file capability: sudo chmod u+s %s\n' "$(command -v newuidmap)"
  else
    printf 'newuidmap or the kernel refused\n'
  fi
}

# Whether newuidmap has a file capability, as far as can be told.
ids_has_capability() {
  have getcap && [ -n "$(getcap "$(command -v newuidmap)")" ]
}

# Runs a command as root over the ids that the image's files may have.
in_ids() {
  local ready answer status=0
  if [ "$ids_mode" != range ]; then
    "$@" || status=$?
    # Not a bare return: in a trap that means the status before the trap.
    return "$status"
  fi
  # Two pipes, each read and written here: the namespace's process says its number on one, and waits on the other until
  # its ids are mapped. unshare --map-users would do, but Ubuntu 22.04's is too old for it.
  exec {ready}<> <(:) {answer}<> <(:)
  (
    read -r -t 60 pid <&"$ready"
    [ "$pid" -gt 0 ] || exit 0
    # shellcheck disable=SC2086  # INSIDE START COUNT are three words
    if newuidmap "$pid" 0 "$EUID" 1 $ids_uids && newgidmap "$pid" 0 "$(id -g)" 1 $ids_gids; then
      echo yes >&"$answer"
    else
      echo no >&"$answer"
    fi
  ) &
  # The exec after the answer is what gives root's capabilities: before, the process was nobody.
  # shellcheck disable=SC2016  # the inner shell's own variables
  unshare --user -- bash -c '
    echo $$ >&"$1"
    read -r answer <&"$2"
    [ "$answer" = yes ] || exit 1
    eval "exec $1>&- $2>&-"
    shift 2
    exec "$@"' in_ids "$ready" "$answer" "$@" || status=$?
  # Wakes the helper if unshare never came to its command.
  echo 0 >&"$ready"
  exec {ready}>&- {answer}>&-
  return "$status"
}

# Removes a tree, whoever of our ids its files belong to, without leaving its file system.
remove_tree() {
  [ -e "$1" ] || return 0
  if in_ids rm -rf --one-file-system -- "$1" 2>/dev/null; then return 0; fi
  # With one id, a directory that its owner may not write is in the way.
  chmod -R u+rwX -- "$1" 2>/dev/null || true
  in_ids rm -rf --one-file-system -- "$1" || say "couldn't remove $1"
}
