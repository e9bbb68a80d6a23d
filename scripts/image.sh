# shellcheck shell=bash
# Makes an image: a root directory under images/, from the first source that can be had.

new=''       # the image being made
why=''       # why a source can't be had; empty if it could
made_from='' # what the image was made from

# Refuses names that would lead out of images/ or look like our own half-made ones, and unknown sources.
image_check_names() {
  local source
  [[ $1 =~ ^[A-Za-z0-9][A-Za-z0-9._-]*$ ]] || usage_error "'$1' can't be an image's name (letters, digits, . _ -)"
  [[ $2 =~ ^[a-z]+(,[a-z]+)*$ ]] || usage_error "--image-from wants SOURCE[,SOURCE]…, not '$2'"
  for source in ${2//,/ }; do
    declare -F "image_from_$source" >/dev/null || usage_error "unknown source '$source' (ubuntu, debian, busybox)"
  done
}

# Makes image NAME from the first of SOURCES that works; does nothing if it is there, unless FORCE.
image_make() {
  local name=$1 sources=$2 force=$3 source lock refused=()
  if [ -d "images/$name" ] && [ -z "$force" ]; then
    image_remove_old
    return 0
  fi
  mkdir -p images
  # A set-user-id file of an image must be out of reach for everybody else on this machine. The container itself starts
  # at the image's root directory, and never comes by here.
  [ ! -O images ] || chmod 700 images
  [ -w images ] || die "$PWD/images belongs to $(stat -c %U images); run ./setup as that user, or in a clone of your own"

  exec {lock}>images/.lock
  flock -n "$lock" || { say "waiting for another ./setup" && flock "$lock"; }
  if [ -d "images/$name" ] && [ -z "$force" ]; then return 0; fi
  image_remove_leftovers

  for source in ${sources//,/ }; do
    why=''
    new=$(mktemp -d "images/.$name.XXXXXX")
    temporary+=("$new")
    # Not in an if: there, bash would go on after an error inside.
    "image_from_$source"
    if [ -z "$why" ]; then
      image_finish "$name"
      say "images/$name: $(image_describe "$new"), from $made_from"
      [ "${#refused[@]}" -eq 0 ] || printf '  not from %s\n' "${refused[@]}" >&2
      image_place "$name"
      exec {lock}>&-
      return 0
    fi
    remove_tree "$new"
    refused+=("$source: $why")
  done
  die "no image could be made
$(printf '  not from %s\n' "${refused[@]}")"
}

# Removes what interrupted runs left. Under the lock, nobody's half-made image is still being made.
image_remove_leftovers() {
  local path lock
  image_remove_old
  for path in images/.*.??????; do
    if [ -d "$path" ] && [ ! -L "$path" ] && ! image_in_use "$path"; then
      say "removing $path, which an interrupted run left"
      remove_tree "$path"
    fi
  done
  # mmdebstrap's directory is elsewhere, see image_from_debian; its owner holds a lock on it.
  for path in "${TMPDIR:-/tmp}"/littlectr-setup.??????; do
    if [ -d "$path" ] && [ ! -L "$path" ] && [ -O "$path" ]; then
      exec {lock}<"$path"
      if flock -n "$lock"; then remove_tree "$path"; fi
      exec {lock}<&-
    fi
  done
}

# Removes images that were replaced while a container ran in them, which holds a lock on them, once none does.
image_remove_old() {
  local path
  for path in images/.*.old.??????; do
    if [ -d "$path" ] && [ ! -L "$path" ] && ! image_in_use "$path"; then remove_tree "$path"; fi
  done
}

# Whether a container runs in an image.
image_in_use() {
  local image status=0
  { exec {image}<"$1"; } 2>/dev/null || return 1
  flock -n "$image" || status=1
  exec {image}<&-
  [ "$status" -ne 0 ]
}

# Prints what an image calls itself.
image_describe() {
  local text
  text=$(sed -n 's/^PRETTY_NAME="\{0,1\}\([^"]*\)"\{0,1\}$/\1/p' "$1/etc/os-release" 2>/dev/null) || true
  printf '%s\n' "${text:-a system without /etc/os-release}"
}

# Unpacks a tar file from standard input into the new image. Device nodes stay out: littlectr brings a /dev of its own,
# and an ordinary user couldn't make them anyway.
image_unpack() {
  local owner=--same-owner
  if [ "$ids_mode" = one ]; then owner=--no-same-owner; fi
  in_ids tar --extract --file - --directory "$new" --preserve-permissions --numeric-owner "$owner" \
    --xattrs --xattrs-include=security.capability --xattrs-include='user.*' \
    --anchored --exclude='./dev/*' --exclude='dev/*'
}

# Completes the new image with what the stages mount on, and writes it to disk.
image_finish() {
  # shellcheck disable=SC2016  # the inner shell's own variables
  in_ids bash -euc '
    cd "$1"
    chmod 755 .
    for directory in proc sys dev tmp; do
      [ ! -L "$directory" ] || rm "$directory"
      mkdir -p "$directory"
    done
    chmod 1777 tmp' image_finish "$new" || die "couldn't complete the image in $new"
  # The name must not reach the disk before the files do.
  sync -f "$new" || die "couldn't write the image to disk"
}

# Gives the new image its name, in one call, so that there is an image at any moment. An old one of that name goes, but not
# below a container that runs in it.
image_place() {
  local name=$1 old
  if [ ! -e "images/$name" ] && [ ! -L "images/$name" ]; then
    mv -T -- "$new" "images/$name"
    return 0
  fi
  # A signal from here on leaves the old one to the next run, which looks whether it is in use.
  temporary=("${temporary[@]/"$new"/}")
  image_exchange "$new" "images/$name"
  # From here on $new is the old image.
  old=images/.$name.old.${new##*.}
  mv -T -- "$new" "$old"
  if [ -L "$old" ] || [ ! -d "$old" ]; then
    rm -f -- "$old"
  elif image_in_use "$old"; then
    say "a container runs in the old image, so I keep that as $old; ./setup removes it once none does"
  else
    remove_tree "$old"
  fi
}

# Exchanges two names in one call: renameat2(2) with RENAME_EXCHANGE, for which mv has an option since coreutils 9.5.
image_exchange() {
  local call=''
  if mv --exchange --no-copy -T -- "$1" "$2" 2>/dev/null; then return 0; fi
  case $(uname -m) in
    x86_64) call=316 ;;
    aarch64 | riscv64) call=276 ;;
  esac
  # shellcheck disable=SC2016  # perl's own variables
  if [ -n "$call" ] && have perl &&
    perl -e 'exit(syscall($ARGV[0] + 0, -100, $ARGV[1], -100, $ARGV[2], 2) == 0 ? 0 : 1)' "$call" "$1" "$2"; then return 0; fi
  say "names can't be exchanged here (that takes perl, or coreutils 9.5), so for a moment there is no image"
  mv -T -- "$2" "$1.aside"
  mv -T -- "$1" "$2"
  mv -T -- "$1.aside" "$1"
}

# Ubuntu's base tarball, of which we know the checksum.
image_from_ubuntu() {
  local architecture sha256 url cache file
  case $(uname -m) in
    x86_64) architecture=amd64 sha256=242cd8898b33ea806ef5f13b1076ed7c76f9f989d18384452f7166692438ff1a ;;
    aarch64) architecture=arm64 sha256=075d4abd2817a5023ab0a82f5cb314c5ec0aa64a9c0b40fd3154ca3bfdae979f ;;
    *) why="there is none for $(uname -m) here" && return 0 ;;
  esac
  url=https://cdimage.ubuntu.com/ubuntu-base/releases/22.04/release/ubuntu-base-22.04.5-base-$architecture.tar.gz
  url=${LITTLECTR_UBUNTU_BASE_URL:-$url} sha256=${LITTLECTR_UBUNTU_BASE_SHA256:-$sha256}
  cache=$(cache_directory) || { why="no directory for downloads" && return 0; }
  file=$cache/${url##*/}
  download_checked "$url" "$file" "$sha256" || return 0
  say "unpacking ${file##*/}"
  job image_unpack_gzip "$file" || die "couldn't unpack $file; is the disk full? (df $PWD/images)"
  made_from=${url##*/}
}

# Unpacks a tar.gz into the new image.
image_unpack_gzip() { gzip -dc -- "$1" | image_unpack; }

# A minimal Debian (or Ubuntu) of this machine's own release, from its own mirrors.
image_from_debian() {
  local mirrors scratch lock log status=0
  if [ "$ids_mode" = one ]; then
    why="mmdebstrap needs a range of ids" && return 0
  fi
  packages_try mmdebstrap:mmdebstrap || return 0
  mirrors=$(image_mirrors)
  [ -n "$mirrors" ] || { why="apt knows no package lists of this release (sudo apt-get update)" && return 0; }

  # mmdebstrap builds as the first subordinate id, which may not enter images/; so it builds elsewhere, and only its tar
  # file is unpacked here. The lock tells a later run whether this one is still alive.
  scratch=$(mktemp -d "${TMPDIR:-/tmp}/littlectr-setup.XXXXXX")
  temporary+=("$scratch")
  chmod 711 "$scratch"
  exec {lock}<"$scratch"
  flock "$lock"
  printf '%s\n' "$mirrors" >"$scratch/sources.list"
  log=$scratch/log
  say "building a minimal system with mmdebstrap from this machine's apt sources; about half a minute"
  job image_mmdebstrap "$scratch" "$log" || status=$?
  case $status in
    0) ;;
    3) tail -n 5 "$log" >&2 && why="mmdebstrap failed; its last words are above" ;;
    *)
      tail -n 5 "$log" >&2
      die "couldn't unpack the system that mmdebstrap built; is the disk full? (df $PWD/images)"
      ;;
  esac
  exec {lock}<&-
  remove_tree "$scratch"
  made_from="mmdebstrap and this machine's apt sources"
}

# Prints the sources.list lines of this machine's own release: no third party's, and none with a password in it.
image_mirrors() {
  local release VERSION_CODENAME=''
  # shellcheck source=/dev/null
  release=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
  # shellcheck disable=SC2016  # apt's own variables
  apt-get indextargets --format '$(ORIGIN) deb $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Identifier: Packages' 2>/dev/null |
    awk -v release="$release" '
      ($1 == "Debian" || $1 == "Ubuntu") && $5 == "main" && $3 !~ /@/ &&
      ($4 == release || $4 == release "-updates" || $4 == release "-security") && !seen[$0]++ { print $2, $3, $4, $5 }' ||
    true
}

# Builds a system as a tar file and unpacks it on the way. Returns 3 if building failed, 4 if unpacking did.
image_mmdebstrap() {
  local scratch=$1 log=$2 mode=unshare release options=() statuses include=procps,iproute2
  if [ "$EUID" -eq 0 ]; then mode=root; fi
  release=$(image_release "$scratch/sources.list")
  # An https mirror needs certificates inside, too.
  if grep -q https: "$scratch/sources.list"; then include+=,ca-certificates; fi
  mapfile -t options < <(image_apt_options)
  image_proxies
  TMPDIR=$scratch mmdebstrap --mode="$mode" --variant=minbase --include="$include" "${options[@]}" --format=tar \
    "$release" - "$scratch/sources.list" 2>"$log" </dev/null | image_unpack 2>>"$log"
  statuses=("${PIPESTATUS[@]}")
  # If tar gives up, mmdebstrap fails for the broken pipe: tar's is the cause, unless it only saw a cut-off file.
  if [ "${statuses[0]}" -eq 0 ] && [ "${statuses[1]}" -eq 0 ]; then return 0; fi
  if grep -q 'No space left' "$log" || [ "${statuses[0]}" -eq 0 ]; then return 4; fi
  return 3
}

# Prints the release of a sources.list.
image_release() { awk '$3 !~ /-/ { print $3; exit }' "$1"; }

# Prints the options with which mmdebstrap's apt does as this machine's: one with a frozen mirror says so.
image_apt_options() {
  apt-config dump | grep -E '^Acquire::(Check-Valid-Until|Check-Date) ' | sed 's/^/--aptopt=/' || true
}

# Hands apt's proxies to mmdebstrap by way of the environment, so that no password of theirs ends in the image.
image_proxies() {
  local value
  value=$(apt-config dump --format '%v' Acquire::http::Proxy) || true
  [ -z "$value" ] || export http_proxy=$value
  value=$(apt-config dump --format '%v' Acquire::https::Proxy) || true
  [ -z "$value" ] || export https_proxy=$value
}

# One static program with many names.
image_from_busybox() {
  local busybox applet
  packages_try busybox-static:static_busybox || return 0
  busybox=$(command -v busybox)
  say "linking busybox's commands"
  mkdir -p "$new"/{bin,etc,root,usr,var} "$new/home"
  ln -s bin "$new/sbin"
  ln -s ../bin "$new/usr/bin"
  ln -s ../bin "$new/usr/sbin"
  cp -- "$busybox" "$new/bin/busybox"
  chmod 755 "$new/bin/busybox"
  while IFS= read -r applet; do
    [ "$applet" = busybox ] || ln -s busybox "$new/bin/$applet"
  done < <("$busybox" --list)
  printf '%s\n' 'root:x:0:0:root:/root:/bin/sh' 'nobody:x:65534:65534:nobody:/:/bin/false' >"$new/etc/passwd"
  printf '%s\n' 'root:x:0:' 'nogroup:x:65534:' >"$new/etc/group"
  printf '%s\n' '127.0.0.1 localhost' '::1 localhost' >"$new/etc/hosts"
  printf '%s\n' 'NAME=BusyBox' 'ID=busybox' "PRETTY_NAME=\"$("$busybox" | sed -n '1s/ (.*//p')\"" >"$new/etc/os-release"
  made_from="this machine's busybox"
}
