#!/usr/bin/env bash
# Builds the database images the tests need from Debian's packages, for machines that cannot pull
# the official ones. Prints nothing but progress; an image whose packages are already imported is
# only brought up to date with its entrypoint, which takes a fraction of a second.
#
#   build.sh [IMAGE…]    without arguments: all of them; LOCAL_IMAGE_PREFIX names the prefix
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

# "localhost/" is a registry that nobody answers for: a missing image is an error, never a pull.
prefix=${LOCAL_IMAGE_PREFIX:-localhost/}

images=(mysql:9.7 postgres:17 postgres:18 mariadb:11.8 postgres:13)
[[ $# -eq 0 ]] || images=("$@")

fail() { echo "build.sh: $*" >&2; exit 1; }

# The Debian mirror this machine is configured to use.
mirror() {
  local uris
  uris=$(apt-get indextargets --format '$(REPO_URI)' \
    'Created-By: Packages' 'Origin: Debian' 'Label: Debian' 2>/dev/null) || true
  head -n 1 <<<"$uris"
}

# Packages are unpacked, not configured: that would take most of the time, and make data directories
# that nobody needs. What a server needs of it, for the directory $1.
unconfigured='
  user() {
    echo "$2:x:999:999::$3:/bin/sh" >>"$1"/etc/passwd
    echo "$2:x:999:" >>"$1"/etc/group
    mkdir -p "$1$3"
  }
  cp "$1"/usr/share/base-passwd/passwd.master "$1"/etc/passwd
  cp "$1"/usr/share/base-passwd/group.master "$1"/etc/group
  [ -e "$1"/etc/nsswitch.conf ] || cp "$1"/usr/share/libc-bin/nsswitch.conf "$1"/etc/
  [ -e "$1"/bin/sh ] || ln -s dash "$1"/bin/sh
  [ -e "$1"/usr/bin/awk ] || ln -s mawk "$1"/usr/bin/awk
  ln -sf /usr/share/zoneinfo/Etc/UTC "$1"/etc/localtime
  rm -rf "$1"/usr/share/doc "$1"/usr/share/man
  chroot "$1" ldconfig'

build() {
  local image=$1 mirror=$2 family suite packages setup base log major args=()
  case $image in
    postgres:13) family=postgres suite=bullseye packages=postgresql-13 ;;
    postgres:15) family=postgres suite=bookworm packages=postgresql-15 ;;
    postgres:17) family=postgres suite=trixie packages=postgresql-17 ;;
    postgres:18) family=postgres suite=sid packages=postgresql-18 ;;
    mysql:9.7) family=mysql suite=sid packages=mysql-server,mysql-client ;;
    mariadb:10.5) family=mysql suite=bullseye packages=mariadb-server ;;
    mariadb:10.11) family=mysql suite=bookworm packages=mariadb-server ;;
    mariadb:11.8) family=mysql suite=trixie packages=mariadb-server ;;
    *) fail "unknown image $image" ;;
  esac
  case $family in
    postgres)
      # As in the official images: from 18 on the volume is one level up, the data one level down.
      major=${image#postgres:}
      args=(--build-arg "MAJOR=$major")
      if ((major < 18)); then
        args+=(--build-arg VOLUME=/var/lib/postgresql/data --build-arg DATA=/var/lib/postgresql/data)
      else
        args+=(--build-arg VOLUME=/var/lib/postgresql --build-arg "DATA=/var/lib/postgresql/$major/docker")
      fi
      packages+=,locales
      setup='user "$1" postgres /var/lib/postgresql
        chroot "$1" localedef -i en_US -c -f UTF-8 en_US.UTF-8' ;;
    mysql)
      # The server's options are those of the Dockerfile alone.
      setup='user "$1" mysql /var/lib/mysql
        rm -rf "$1"/etc/mysql && mkdir -p "$1"/etc/mysql/conf.d' ;;
  esac

  base=${prefix}base-$image
  log=$(mktemp)
  if ! docker image inspect "$base" >/dev/null 2>&1; then
    local started=$SECONDS
    [[ -n $mirror ]] || fail "no Debian mirror in this machine's apt sources"
    echo "build.sh: $image from $suite …"
    if ! mmdebstrap --variant=extract --aptopt='Acquire::Check-Valid-Until "false"' \
      --aptopt='Acquire::Languages "none"' --include='?essential' --include="$packages" \
      --extract-hook="$unconfigured
        $setup" \
      "$suite" - "deb $mirror $suite main" 2>"$log" | docker import - "$base" >/dev/null; then
      # The import of half an archive may have succeeded.
      docker image rm "$base" >/dev/null 2>&1 || true
      failBuild "$image" "$log"
    fi
    echo "build.sh: $image took $((SECONDS - started)) s"
  fi
  DOCKER_BUILDKIT=0 docker build --quiet --build-arg "BASE=$base" "${args[@]}" \
    --tag "$prefix$image" "$family" >/dev/null 2>"$log" || failBuild "$image" "$log"
  rm -f "$log"
}

failBuild() {
  tail -n 30 "$2" >&2
  rm -f "$2"
  fail "$1 could not be built"
}

mirror=$(mirror)
if [[ -z $mirror ]]; then
  # Known only once the package lists are there.
  apt-get -q update >/dev/null 2>&1 || true
  mirror=$(mirror)
fi
pids=()
status=0
for image in "${images[@]}"; do
  # Two at a time.
  if ((${#pids[@]} == 2)); then
    wait "${pids[0]}" || status=1
    pids=("${pids[1]}")
  fi
  build "$image" "$mirror" &
  pids+=($!)
done
for pid in "${pids[@]}"; do wait "$pid" || status=1; done
exit "$status"
