#!/usr/bin/env bash
# What the official MySQL and MariaDB images' entrypoints do, as far as the tests rely on it.
set -euo pipefail

[[ ${1:-mysqld} != -* ]] || set -- mysqld "$@"
case ${1:-} in mysqld | mariadbd) ;; *) exec "$@" ;; esac

if command -v mariadbd >/dev/null; then
  mariadb=true server=mariadbd client=mariadb
else
  mariadb= server=mysqld client=mysql
fi
set -- "$server" "${@:2}"
for arg in "$@"; do
  case $arg in -\? | --help | -V | --version | --print-defaults) exec "$@" ;; esac
done

# The value of an option on the command line, or its default.
option() {
  local name=$1 value=$2 arg
  for arg in "${@:3}"; do
    [[ $arg != --"$name"=* ]] || value=${arg#*=}
  done
  printf '%s' "$value"
}
datadir=$(option datadir /var/lib/mysql "$@")
socket=$(option socket /var/run/mysqld/mysqld.sock "$@")

if [[ $(id -u) == 0 ]]; then
  mkdir -p "$datadir"
  find "$datadir" "$(dirname "$socket")" \! -user mysql -exec chown mysql '{}' +
  exec setpriv --reuid=mysql --regid=mysql --init-groups "${BASH_SOURCE[0]}" "$@"
fi

# env NAME: the value of MARIADB_NAME or MYSQL_NAME.
env() {
  local maria=MARIADB_$1 mysql=MYSQL_$1
  [[ -n $mariadb && -n ${!maria:-} ]] && printf '%s' "${!maria}" || printf '%s' "${!mysql:-}"
}
# A string literal of SQL, and an identifier.
text() { local s=${1//\\/\\\\}; printf "'%s'" "${s//\'/\\\'}"; }
name() { printf '`%s`' "${1//\`/\`\`}"; }

# Whether the data directory that the image holds serves with these options: some count when it is made.
preparedData=/usr/local/share/data
prepared() {
  local arg
  for arg in "$@"; do
    case ${arg//_/-} in
      --lower-case-table-names* | --innodb-page-size* | --innodb-data-* | --innodb-undo-* | --innodb-log-* | \
        --default-storage-engine* | --character-set-* | --collation-* | --plugin* | --early-plugin* | --defaults*) return 1 ;;
    esac
  done
}

if [[ ! -d $datadir/mysql ]]; then
  rootPassword=$(env ROOT_PASSWORD) rootHost=$(env ROOT_HOST)
  database=$(env DATABASE) user=$(env USER) password=$(env PASSWORD)
  if [[ -n $(env RANDOM_ROOT_PASSWORD) ]]; then
    rootPassword=$(head -c 24 /dev/urandom | base64)
    echo "GENERATED ROOT PASSWORD: $rootPassword"
  elif [[ -z $rootPassword && -z $(env ALLOW_EMPTY_PASSWORD)$(env ALLOW_EMPTY_ROOT_PASSWORD) ]]; then
    echo 'Error: the database is not initialised and no password option is set' >&2
    exit 1
  fi

  # The same options as the real server, but on the socket only.
  if prepared "${@:2}"; then
    cp -a "$preparedData"/. "$datadir"
  elif [[ -n $mariadb ]]; then
    mariadb-install-db --datadir="$datadir" --auth-root-authentication-method=normal --skip-test-db \
      --skip-log-bin "${@:2}" >/dev/null
  else
    "$@" --initialize-insecure
  fi
  "$@" --skip-networking --socket="$socket" &
  pid=$!
  sql=("$client" --protocol=socket --socket="$socket" -uroot -hlocalhost --default-character-set=utf8mb4)
  until "${sql[@]}" -e 'SELECT 1' >/dev/null 2>&1; do
    kill -0 "$pid" 2>/dev/null || { echo 'Error: the initialising server ended' >&2; exit 1; }
    sleep 0.1
  done

  {
    echo 'SET SESSION SQL_LOG_BIN=0;'
    if [[ -n $mariadb ]]; then
      echo "DROP USER IF EXISTS root@'127.0.0.1', root@'::1', root@$(text "$(hostname)");"
    fi
    if [[ -n $database ]]; then
      echo "CREATE DATABASE IF NOT EXISTS $(name "$database");"
    fi
    if [[ -n $user && -n $password ]]; then
      echo "CREATE USER $(text "$user")@'%' IDENTIFIED BY $(text "$password");"
      if [[ -n $database ]]; then
        echo "GRANT ALL ON $(name "${database//_/\\_}").* TO $(text "$user")@'%';"
      fi
    fi
    if [[ ${rootHost:=%} != localhost ]]; then
      echo "CREATE USER root@$(text "$rootHost") IDENTIFIED BY $(text "$rootPassword");"
      echo "GRANT ALL ON *.* TO root@$(text "$rootHost") WITH GRANT OPTION;"
    fi
  } | "${sql[@]}"
  for file in /docker-entrypoint-initdb.d/*; do
    case $file in
      *.sh) bash "$file" ;;
      *.sql) "${sql[@]}" ${database:+"$database"} <"$file" ;;
      *.sql.gz) gunzip -c "$file" | "${sql[@]}" ${database:+"$database"} ;;
    esac
  done
  "${sql[@]}" <<<"SET SESSION SQL_LOG_BIN=0; ALTER USER root@localhost IDENTIFIED BY $(text "$rootPassword");"
  kill "$pid"
  wait "$pid"
  echo 'MySQL init process done. Ready for start up.'
fi

exec "$@"
