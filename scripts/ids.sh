# shellcheck shell=bash
# User and group ids: those the image's files belong to are those that littlectr's userns stage (map=auto) maps.
# Inside 0 is you; inside 1 and up is your subordinate range of /etc/subuid. With one id, everything is yours.

ids_mode=one
ids_uids='' ids_gids=''

# Prints "START COUNT" of this user's first range in FILE, by name or number; nothing if there is none.
ids_range() {
  awk -F: -v name="$(id -un 2>/dev/null)" -v number="$EUID" \
    '($1 == name || $1 == number) && $3 > 0 { print $2, $3; exit }' "$1" 2>/dev/null || true
}

# Prints "FIRST-LAST", 65536 ids that are nobody's in /etc/subuid and /etc/subgid.
ids_free() {
  cat /etc/subuid /etc/subgid 2>/dev/null | sort -t: -k2,2n | awk -F: '
    BEGIN { free = 100000; size = 65536 }
    $2 < free + size && $2 + $3 > free { free = $2 + $3 }
    END { print free "-" free + size - 1 }'
}

# Finds out which ids we have, and says what is missing for more than one.
ids_check() {
  ids_mode=one
  if [ "$EUID" -eq 0 ]; then
    ids_mode=root
    return 0
  fi
  local free
  ids_uids=$(ids_range /etc/subuid)
  ids_gids=$(ids_range /etc/subgid)
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
  else
    printf 'newuidmap or the kernel refused\n'
  fi
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
    # shellcheck disable=SC2086  # START COUNT are two words
    if newuidmap "$pid" 0 "$EUID" 1 1 $ids_uids && newgidmap "$pid" 0 "$(id -g)" 1 1 $ids_gids; then
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
