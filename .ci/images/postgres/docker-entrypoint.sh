#!/usr/bin/env bash
# What the official PostgreSQL images' entrypoint does, as far as the tests rely on it.
set -euo pipefail

[[ ${1:-postgres} != -* ]] || set -- postgres "$@"
[[ ${1:-} == postgres ]] || exec "$@"
for arg in "$@"; do
  case $arg in -\? | --help | --describe-config | -V | --version) exec "$@" ;; esac
done

if [[ $(id -u) == 0 ]]; then
  mkdir -p "$PGDATA" /var/run/postgresql
  chmod 00700 "$PGDATA"
  find "$PGDATA" /var/run/postgresql \! -user postgres -exec chown postgres '{}' +
  exec setpriv --reuid=postgres --regid=postgres --init-groups "${BASH_SOURCE[0]}" "$@"
fi

if [[ ! -s $PGDATA/PG_VERSION ]]; then
  : "${POSTGRES_USER:=postgres}" "${POSTGRES_PASSWORD:=}"
  : "${POSTGRES_DB:=$POSTGRES_USER}" "${POSTGRES_HOST_AUTH_METHOD:=}" "${POSTGRES_INITDB_ARGS:=}"
  if [[ -z $POSTGRES_PASSWORD && $POSTGRES_HOST_AUTH_METHOD != trust ]]; then
    echo 'Error: POSTGRES_PASSWORD is not set (POSTGRES_HOST_AUTH_METHOD=trust does without)' >&2
    exit 1
  fi

  # Without options of its own, the data directory that the image holds is a copy of what initdb makes.
  prepared=
  if [[ $POSTGRES_USER == postgres && ${POSTGRES_INITDB_ARGS:---no-sync} == --no-sync &&
    ${LC_ALL:-$LANG} == en_US.utf8 ]]; then
    prepared=true
    cp -a /usr/local/share/data/. "$PGDATA"
  else
    passwordFile=$(mktemp)
    printf '%s\n' "$POSTGRES_PASSWORD" >"$passwordFile"
    passwordArgs=()
    [[ -z $POSTGRES_PASSWORD ]] || passwordArgs=(--pwfile="$passwordFile")
    # The options are a command line by contract: quotes in them are for the shell.
    eval 'initdb --username="$POSTGRES_USER" "${passwordArgs[@]}" '"$POSTGRES_INITDB_ARGS"
    rm -f "$passwordFile"
  fi

  # initdb trusts the local socket and address; everybody else needs the password.
  : "${POSTGRES_HOST_AUTH_METHOD:=$(postgres -C password_encryption)}"
  printf '\nhost all all all %s\n' "$POSTGRES_HOST_AUTH_METHOD" >>"$PGDATA/pg_hba.conf"

  # The same options as the real server, but on the socket only.
  PGUSER=$POSTGRES_USER pg_ctl -D "$PGDATA" -w start \
    -o "$(printf '%q ' "${@:2}" -c listen_addresses= -p "${PGPORT:-5432}")"
  psql=(psql -v ON_ERROR_STOP=1 --no-psqlrc --no-password --username "$POSTGRES_USER")
  if [[ -n $prepared && -n $POSTGRES_PASSWORD ]]; then
    "${psql[@]}" --quiet --dbname postgres -v password="$POSTGRES_PASSWORD" \
      <<<"ALTER USER postgres PASSWORD :'password';"
  fi
  if [[ $POSTGRES_DB != postgres ]]; then
    "${psql[@]}" --dbname postgres -v db="$POSTGRES_DB" <<<'CREATE DATABASE :"db";'
  fi
  psql+=(--dbname "$POSTGRES_DB")
  for file in /docker-entrypoint-initdb.d/*; do
    case $file in
      *.sh) bash "$file" ;;
      *.sql) "${psql[@]}" -f "$file" ;;
      *.sql.gz) gunzip -c "$file" | "${psql[@]}" ;;
    esac
  done
  pg_ctl -D "$PGDATA" -m fast -w stop
  echo 'PostgreSQL init process complete; ready for start up.'
fi

exec "$@"
