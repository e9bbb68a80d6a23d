# shellcheck shell=bash
# Downloads that go on where they were interrupted, and are believed only after their checksum or signature.

# Where downloads are kept.
cache_directory() {
  local directory=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/littlectr
  mkdir -p -- "$directory" && printf '%s\n' "$directory"
}

# Downloads URL to FILE, by way of FILE.part. Fails with the reason in `why`.
download() {
  local url=$1 file=$2 part=$2.part had size status resume
  local options=(--fail --location --silent --connect-timeout 8 --speed-limit 1000 --speed-time 30)
  if [ -t 2 ]; then options=("${options[@]/--silent/--progress-bar}"); fi
  while :; do
    status=0
    had=$(stat -c %s "$part" 2>/dev/null) || had=0
    resume=()
    if [ "$had" -gt 0 ]; then resume=(--continue-at -); fi
    job curl "${options[@]}" "${resume[@]}" --output "$part" --write-out '%{errormsg}' -- "$url" >"$part.why" || status=$?
    why="$(cat "$part.why"): $url"
    rm -f -- "$part.why"
    case $status in
      0) break ;;
      23) die "couldn't write $part; is the disk full? (df ${part%/*})" ;;
      22 | 33 | 36)
        # The server can't resume, or has less than we have: from the beginning, once.
        [ "$had" -gt 0 ] || return 1
        rm -f -- "$part"
        ;;
      *)
        # As long as each attempt brings something, it is worth another.
        size=$(stat -c %s "$part" 2>/dev/null) || return 1
        [ "$size" -gt "$had" ] || return 1
        say "the connection broke off; going on from there"
        ;;
    esac
  done
  why=''
  mv -f -- "$part" "$file"
}

# Whether FILE has the checksum SHA256.
checksum_is() {
  local sum
  sum=$(sha256sum <"$1") && [ "${sum%% *}" = "$2" ]
}

# Downloads URL to FILE unless a good one is there. Fails with the reason in `why`.
download_checked() {
  local url=$1 file=$2 sha256=$3 resumed='' lock
  # Another clone's set-up may be at the same file.
  exec {lock}>"$file.lock"
  flock -n "$lock" || { say "waiting for another ./setup to download ${file##*/}" && flock "$lock"; }
  if [ -f "$file" ] && checksum_is "$file" "$sha256"; then
    say "using $file, downloaded earlier"
    return 0
  fi
  if [ -s "$file.part" ]; then resumed=yes; fi
  say "downloading $url"
  download "$url" "$file" || return 1
  if ! checksum_is "$file" "$sha256" && [ -n "$resumed" ]; then
    # The first part may have come from another version of the file, or be damaged.
    say "the resumed download has a wrong checksum; downloading all of it"
    rm -f -- "$file"
    download "$url" "$file" || return 1
  fi
  if ! checksum_is "$file" "$sha256"; then
    local sum=''
    sum=$(sha256sum <"$file") || true
    rm -f -- "$file"
    printf '%s\n' "setup: WRONG CHECKSUM: $url" "  expected $sha256" "  got      ${sum%% *}" \
      "  The file is thrown away. Somebody may have changed it on its way to you." >&2
    why="wrong checksum: $url"
    return 1
  fi
}
