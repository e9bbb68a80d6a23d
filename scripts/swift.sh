# shellcheck shell=bash
# The Swift toolchain: looks for it, and installs it when asked to.

swift_version=6.3.1
swift_needed='6 2'
swift_new='' # what is being unpacked
swift_runner=()

# Says the version of the swift on PATH as "6 3"; nothing if there is none.
swift_found() {
  local text
  text=$(swift --version 2>/dev/null) || return 0
  [[ $text =~ Swift\ version\ ([0-9]+)\.([0-9]+) ]] && printf '%s %s\n' "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
}

# Whether the swift on PATH is new enough.
swift_is_there() {
  local major minor needed_major needed_minor
  read -r major minor < <(swift_found) || return 1
  read -r needed_major needed_minor <<<"$swift_needed"
  [ "$major" -gt "$needed_major" ] || { [ "$major" -eq "$needed_major" ] && [ "$minor" -ge "$needed_minor" ]; }
}

# Stops with the way to a toolchain if none is on PATH. Before anything is installed for it.
swift_look() {
  have swift || swift_refuse "none is on PATH"
}

# Stops unless the toolchain on PATH runs and is new enough.
swift_check() {
  swift_is_there && return 0
  local found said
  found=$(swift_found)
  [ -z "$found" ] || swift_refuse "$(command -v swift) is only ${found/ /.}"
  said=$(swift --version 2>&1 | head -n 3) || true
  swift_refuse "$(command -v swift) doesn't say its version; it says:
  ${said:-nothing}"
}

# Stops with the way to a toolchain.
swift_refuse() {
  die "Swift ${swift_needed/ /.} or newer is needed, and $1
Either
  ./setup --swift        installs $swift_version in ${LITTLECTR_SWIFT_DIR:-/opt}, or unpack it yourself and put its usr/bin on PATH:
  $(swift_address)"
}

# Prints the address of the toolchain for this machine.
swift_address() {
  local id version platform suffix='' VERSION_ID='' ID=''
  if [ -n "${LITTLECTR_SWIFT_URL:-}" ]; then
    printf '%s\n' "$LITTLECTR_SWIFT_URL"
    return 0
  fi
  # shellcheck source=/dev/null
  . /etc/os-release
  id=$ID version=$VERSION_ID
  case $id in
    debian) platform=debian12 ;;
    # A toolchain for an older release runs on a newer one, the other way round it doesn't.
    ubuntu) case $version in 22.* | 23.*) platform=ubuntu22.04 ;; *) platform=ubuntu24.04 ;; esac ;;
    *) platform=ubuntu22.04 ;;
  esac
  case $(uname -m) in
    x86_64) ;;
    aarch64) suffix=-aarch64 ;;
    *) die "there is no Swift toolchain for $(uname -m)" ;;
  esac
  printf 'https://download.swift.org/swift-%s-release/%s/swift-%s-RELEASE/swift-%s-RELEASE-%s.tar.gz\n' \
    "$swift_version" "${platform/./}$suffix" "$swift_version" "$swift_version" "$platform$suffix"
}

# Whether SIGNATURE signs FILE with Swift's release key, which stands in scripts/.
swift_signed() {
  local file=$1 signature=$2 key=${LITTLECTR_SWIFT_KEY:-scripts/swift-6.x.asc} ring=$2.ring fingerprint status
  # gpgv reads only binary keys: what stands between the empty line and the checksum, decoded.
  sed -n '/^$/,/^=/p' "$key" | grep -v '^=' | base64 -d >"$ring"
  # The key may have run out since it signed; that a good signature was made with it is what counts, and gpgv says so
  # with VALIDSIG. Any other key can't be in the ring.
  status=$(gpgv --keyring "$ring" --status-fd 1 "$signature" "$file" 2>/dev/null) || true
  rm -f -- "$ring"
  fingerprint=$(sed -n 's/^\[GNUPG:\] VALIDSIG \([0-9A-F]*\) .*/\1/p' <<<"$status")
  [ -n "$fingerprint" ] && say "signed by $fingerprint"
}

# Installs the toolchain in /opt, with links in /usr/local/bin.
swift_install() {
  swift_is_there && return 0
  local url cache archive why='' lock root=${LITTLECTR_SWIFT_DIR:-/opt} links=/usr/local/bin new
  url=$(swift_address)
  # The reason for another directory is a test, or a home; its links go beside it.
  if [ -n "${LITTLECTR_SWIFT_DIR:-}" ]; then links=$root/bin; fi
  if [ ! -w "$root" ]; then
    can_be_root || die "$root can't be written, and there is no sudo; LITTLECTR_SWIFT_DIR=… names another directory"
    swift_runner=(as_root)
  fi
  cache=$(cache_directory) || die "no directory for downloads"
  archive=$cache/${url##*/}
  say "downloading $url.sig"
  rm -f -- "$archive.sig.part"
  download "$url.sig" "$archive.sig" || die "$why"
  if [ ! -f "$archive" ] || ! swift_signed "$archive" "$archive.sig"; then
    say "downloading $url"
    download "$url" "$archive" || die "$why"
    if ! swift_signed "$archive" "$archive.sig"; then
      rm -f -- "$archive" "$archive.sig"
      die "WRONG SIGNATURE: $url isn't signed by Swift's release key; it is thrown away"
    fi
  fi
  # One at a time, so that what lies there half unpacked is a dead run's.
  exec {lock}<"$root"
  flock -n "$lock" || { say "waiting for another ./setup --swift"; flock "$lock"; }
  say "unpacking Swift $swift_version in $root"
  "${swift_runner[@]}" rm -rf -- "$root"/.swift.??????
  new=$("${swift_runner[@]}" mktemp -d "$root/.swift.XXXXXX")
  swift_new=$new
  "${swift_runner[@]}" chmod 755 "$new"
  job "${swift_runner[@]}" tar -xzf "$archive" --strip-components=1 --no-same-owner -C "$new" ||
    die "couldn't unpack $archive in $root"
  "${swift_runner[@]}" rm -rf -- "$root/swift-$swift_version"
  "${swift_runner[@]}" mv -T -- "$new" "$root/swift-$swift_version"
  swift_new=''
  "${swift_runner[@]}" mkdir -p -- "$links"
  "${swift_runner[@]}" ln -sfn -- "$root/swift-$swift_version/usr/bin/swift" "$links/swift"
  "${swift_runner[@]}" ln -sfn -- "$root/swift-$swift_version/usr/bin/swiftc" "$links/swiftc"
  exec {lock}<&-
  rm -f -- "$archive" "$archive.sig"
  hash -r
  PATH=$links:$PATH
  swift_is_there || die "$links/swift doesn't run; what does 'swift --version' say?"
}
