# shellcheck shell=bash disable=SC2034  # setup reads these lists
# The packages that set-up installs, and how.

# Each is PACKAGE:PROBE. The probe is a command, or a file (a pattern) when it holds a slash. What is there already may
# have come from anywhere; only what is missing is asked of apt.
packages_for_all=(
  uidmap:newuidmap                                        # more than one id for an ordinary user
  curl:curl ca-certificates:/etc/ssl/certs/ca-certificates.crt  # the Ubuntu image
)
packages_for_build=(
  make:make git:git
  libc6-dev:/usr/lib/*/libc.a                             # littlectr is linked statically
  g++:/usr/lib/gcc/*/*/libstdc++.a                        # so is Swift's runtime, which is partly C++
  libseccomp-dev:/usr/include/seccomp.h
)
# What the toolchain's programs load, as far as building and testing use them; its debugger needs more. A toolchain that
# somebody has unpacked comes without them.
packages_for_swift=(
  binutils:ld libcurl4:/usr/lib/*/libcurl.so.4 libxml2:/usr/lib/*/libxml2.so.2 zlib1g:/usr/lib/*/libz.so.1
  libsqlite3-0:/usr/lib/*/libsqlite3.so.0 libncurses6:/lib/*/libncurses.so.6
)
# What unpacking a toolchain needs beside.
packages_for_unpacking_swift=(gpgv:gpgv)
packages_for_tests=(
  busybox-static:static_busybox strace:strace python3:python3 gnupg:gpg openssh-client:ssh-keygen netbase:/etc/services
  shellcheck:shellcheck mandoc:mandoc zsh:zsh fish:fish bash-completion:/usr/share/bash-completion/bash_completion
)
packages_for_bench=(
  hyperfine:hyperfine bubblewrap:bwrap crun:crun runc:runc strace:strace busybox-static:static_busybox gcc:gcc
  python3:python3
)

# Whether a busybox is there that needs no library. Ubuntu and Debian have two packages of that name.
static_busybox() {
  have busybox && ! ldd "$(command -v busybox)" >/dev/null 2>&1
}

# Whether what a probe names is there.
probe() {
  case $1 in
    */*) compgen -G "$1" >/dev/null ;;
    static_busybox) static_busybox ;;
    # sbin is not on every user's PATH.
    *) have "$1" || [ -x "/usr/sbin/$1" ] ;;
  esac
}

# Prints the packages of a list whose probe fails.
packages_missing() {
  local entry
  for entry; do
    probe "${entry#*:}" || printf '%s\n' "${entry%%:*}"
  done
}

# Installs what is missing of a list, or stops with the line that would.
packages_install() {
  local missing
  mapfile -t missing < <(packages_missing "$@")
  [ "${#missing[@]}" -gt 0 ] || return 0
  have apt-get || die "missing: ${missing[*]} (their names in Debian and Ubuntu); this machine has no apt-get, so please" \
    "install them yourself"
  can_be_root || die "missing: ${missing[*]}; without a password-free sudo and without a terminal I can't install them:
  sudo apt-get install -y ${missing[*]}"
  say "installing with apt: ${missing[*]}"
  packages_apt "${missing[@]}" || die "apt couldn't install ${missing[*]}; its last words are above. By hand:
  sudo apt-get install -y ${missing[*]}"
  mapfile -t missing < <(packages_missing "$@")
  [ "${#missing[@]}" -eq 0 ] || die "apt installed ${missing[*]}, but what I looked for still isn't there"
}

# Gets one PACKAGE:PROBE that we can do without. Fails with the reason in `why`.
packages_try() {
  local name=${1%%:*}
  why=''
  if probe "${1#*:}"; then return 0; fi
  if ! have apt-get; then
    why="$name isn't installed, and this machine has no apt-get"
  elif ! can_be_root; then
    why="$name isn't installed, and I can't become root"
  else
    say "installing with apt: $name"
    if ! packages_apt "$name"; then
      why="$name can't be installed; apt's last words are above"
    elif ! probe "${1#*:}"; then
      why="apt installed $name, but what I looked for still isn't there"
    fi
  fi
  [ -z "$why" ]
}

# Runs apt-get without questions, and shows its output only when it fails.
packages_apt() {
  local output options=(-o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 -qq)
  # The lists may be days old, and then name files that the mirror has no more. If they can't be had, what is there has
  # to do: the installation itself says what is wrong.
  output=$(as_root apt-get "${options[@]}" update 2>&1) || printf '%s\n' "$output" | tail -n 5 >&2
  output=$(as_root env DEBIAN_FRONTEND=noninteractive apt-get "${options[@]}" install -y --no-install-recommends "$@" \
    2>&1 </dev/null) || {
    printf '%s\n' "$output" | tail -n 15 >&2
    return 1
  }
}
