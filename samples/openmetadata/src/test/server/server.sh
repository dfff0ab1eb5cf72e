#!/usr/bin/env bash
# Stands in for OpenMetadata's server, whose images are not at hand, in an image that has PostgreSQL's client and Perl: it
# migrates as it starts, an empty database too, refuses one that is newer than it is, and answers two requests at port 8585.
# Of a version, $1. With LENIENT set it does not look whether the database is newer.
set -euo pipefail
version=$1 migrations=/migrations

sql() { psql -qAtX -v ON_ERROR_STOP=1 "$@"; }
atMost() { [[ $(printf '%s\n' "$1" "$2" | sort -V | tail -n 1) == "$2" ]]; }

known() { [[ -n $(sql -c "SELECT to_regclass('$1')") ]]; }

newest=
if known server_change_log; then
  newest=$(sql -c 'SELECT version FROM server_change_log ORDER BY installed_rank DESC LIMIT 1')
fi
if [[ -z ${LENIENT:-} && -n $newest ]] && ! atMost "$newest" "$version"; then
  echo "The database is at $newest, which OpenMetadata $version does not know" >&2
  exit 1
fi

# What the product once had Flyway do.
known '"DATABASE_CHANGE_LOG"' || sql -c '
  CREATE TABLE "DATABASE_CHANGE_LOG" (installed_rank INT PRIMARY KEY, version VARCHAR(50), description VARCHAR(200) NOT NULL,
    type VARCHAR(20) NOT NULL, script VARCHAR(1000) NOT NULL, checksum INT, installed_by VARCHAR(100) NOT NULL,
    installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, execution_time INT NOT NULL, success BOOLEAN NOT NULL)'
for script in "$migrations"/flyway/v*.sql; do
  name=${script##*/v}
  number=${name%%__*}
  [[ -z $(sql -c "SELECT 1 FROM \"DATABASE_CHANGE_LOG\" WHERE version = '$number'") ]] || continue
  sql -f "$script"
  sql -c "INSERT INTO \"DATABASE_CHANGE_LOG\" (installed_rank, version, description, type, script, installed_by, execution_time,
    success) VALUES ($((10#$number)), '$number', '${name#*__}', 'SQL', 'v$name', '', 0, TRUE)"
done

for directory in $(ls "$migrations/native" | sort -V); do
  atMost "$directory" "$version" || continue
  [[ -z $(sql -c "SELECT 1 FROM server_change_log WHERE version = '$directory'") ]] || continue
  echo "Migrating to $directory"
  sql -f "$migrations/native/$directory/schemaChanges.sql"
  if [[ $directory == 1.3.3 ]]; then
    sql -c "INSERT INTO asset_owner (assetId, owner) SELECT id, json ->> 'owner' FROM asset WHERE json ? 'owner'"
  fi
  sql -f "$migrations/native/$directory/postDataMigrationSQLScript.sql"
  sql -c "INSERT INTO server_change_log (version, migrationFileName, checksum) VALUES ('$directory', '$directory', '')"
done

assets="SELECT json ->> 'name' || ' of ' || (json ->> 'owner') FROM asset ORDER BY id"
if atMost 1.3.3 "$version"; then
  assets="SELECT name || ' of ' || owner FROM asset JOIN asset_owner ON assetId = id WHERE nameHash = md5(name) ORDER BY id"
fi
export assets
echo "Started OpenMetadata $version"
exec perl -MIO::Socket::INET -e '
  # The image of PostgreSQL has its containers stopped by SIGINT.
  $SIG{INT} = $SIG{TERM} = sub { exit 0 };
  my $server = IO::Socket::INET->new(LocalPort => 8585, Listen => 5, ReuseAddr => 1) or die "no port: $!";
  while (my $client = $server->accept) {
    my ($path) = <$client> =~ m{^GET (\S+)} or next;
    while (<$client> =~ /\S/) {}
    my $sql = $path eq "/api/v1/tables" ? $ENV{assets} : "SELECT 1";
    open(my $out, "-|", "sh", "-c", "psql -qAtX -v ON_ERROR_STOP=1 -c \"\$1\" 2>&1", "sh", $sql);
    my $body = join "", <$out>;
    close $out;
    my $status = $? == 0 ? "200 OK" : "500 Internal Server Error";
    print $client "HTTP/1.1 $status\r\nConnection: close\r\nContent-Length: " . length($body) . "\r\n\r\n$body";
    close $client;
  }'
