package io.github.metadatasnapshot.report;

import io.github.metadatasnapshot.matrix.Cell;
import io.github.metadatasnapshot.matrix.CellResult;
import io.github.metadatasnapshot.matrix.CellResult.MigrationTime;
import io.github.metadatasnapshot.matrix.CellResult.Result;
import io.github.metadatasnapshot.matrix.Check;
import io.github.metadatasnapshot.report.CompatibilityReport.Finding;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Reports to write, read and look at. */
final class Reports {

    static final Instant STARTED = Instant.parse("2026-03-04T05:06:07Z");

    /** What a hostile backup may put into an error message. */
    static final String HOSTILE =
            "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
                    + " | `x` \u2028 & 'quoted' \\ ```";

    private static final List<String> DESCRIPTIONS = List.of(
            "create catalog", "add owners", "split person name", "tags as rows", "index on tags", "usage counts");

    private Reports() {}

    static CompatibilityReport of(CellResult... cells) {
        return new CompatibilityReport(
                new TreeMap<>(Map.of("backups/{engine}/{version}.sql.gz", "c0ffee")),
                STARTED,
                new TreeMap<>(Map.of("java", "17.0.9", "os", "Linux")),
                List.of(),
                List.of(),
                List.of(cells),
                List.of(),
                new TreeMap<>());
    }

    static CompatibilityReport with(CompatibilityReport report, List<Finding> findings, Map<String, Integer> notRun) {
        return new CompatibilityReport(
                report.build(),
                report.startedAt(),
                report.environment(),
                report.databases(),
                report.versions(),
                report.cells(),
                findings,
                new TreeMap<>(notRun));
    }

    static CompatibilityReport ofBuild(String what, String id, CellResult... cells) {
        CompatibilityReport report = of(cells);
        return new CompatibilityReport(
                new TreeMap<>(Map.of(what, id)),
                report.startedAt(),
                report.environment(),
                report.databases(),
                report.versions(),
                report.cells(),
                report.findings(),
                report.notRun());
    }

    static CompatibilityReport startedAt(Instant startedAt, CompatibilityReport report) {
        return new CompatibilityReport(
                report.build(),
                startedAt,
                report.environment(),
                report.databases(),
                report.versions(),
                report.cells(),
                report.findings(),
                report.notRun());
    }

    static CellResult upgrade(String database, String from, String to, Result result, String message) {
        return cell(new Cell(database, Check.UPGRADE, from, to, ""), result, "", "", "", message);
    }

    static CellResult restore(String database, String from, String to, Result result, String verdict, String message) {
        Check check = from.equals(to) ? Check.RESTORE : Check.CROSS_VERSION_RESTORE;
        return cell(new Cell(database, check, from, to, "psql, strict"), result, verdict, "", "", message);
    }

    static CellResult cell(
            Cell cell, Result result, String verdict, String cause, String because, String message, String... errors) {
        return new CellResult(
                cell,
                result,
                given(verdict),
                given(cause),
                because.isEmpty() ? Optional.empty() : given(verdict),
                because,
                215,
                message,
                List.of(),
                List.of(),
                List.of(errors),
                List.of(),
                List.of());
    }

    private static Optional<String> given(String text) {
        return Optional.of(text).filter(any -> !any.isEmpty());
    }

    /** A catalogue of eight releases on five databases, with something of everything in it. */
    static CompatibilityReport catalog() {
        List<String> versions = List.of("1.0", "1.1", "1.2", "1.2.1", "1.9", "1.10", "2.0", "2.1");
        List<String> databases = List.of("postgres:13", "postgres:17", "postgres:18", "mysql:9.7", "mariadb:11.8");
        CompatibilityReport report = matrix(databases, versions);
        return with(
                report,
                List.of(
                        new Finding(
                                "Released versions without a backup",
                                "1.3: V1.3__usage.sql is there, backups/postgresql/1.3.sql.gz is not"),
                        new Finding(
                                "Stale exceptions",
                                "mysql:9.7 · 1.0 → 1.1 is declared SILENTLY_ACCEPTED, but is REFUSED now: remove the @Expect"),
                        new Finding("Backups", "backups/mysql/1.2.sql.gz holds no row of 3 tables: tag, owner, usage")),
                Map.of(
                        "no Docker engine answers at unix:///var/run/docker.sock, and mariadb has no embedded server",
                        2));
    }

    /** The largest that the report promises to show. */
    static CompatibilityReport large() {
        return matrix(
                List.of("postgres:13", "postgres:15", "postgres:17", "postgres:18", "mysql:9.7", "mariadb:11.8"),
                IntStream.range(0, 60)
                        .mapToObj(i -> (1 + i / 20) + "." + i % 20)
                        .toList());
    }

    private static CompatibilityReport matrix(List<String> databases, List<String> versions) {
        List<CellResult> cells = new ArrayList<>();
        for (String database : databases) {
            for (int from = 0; from < versions.size(); from++) {
                for (int to = 0; to < versions.size(); to++) {
                    if (from < to) {
                        cells.add(upgradeOf(database, versions, from, to));
                    }
                    cells.add(restoreOf(database, versions, from, to));
                }
            }
        }
        CompatibilityReport report = of(cells.toArray(CellResult[]::new));
        return new CompatibilityReport(
                report.build(),
                STARTED,
                new TreeMap<>(
                        Map.of("java", "17.0.9", "os", "Linux 6.1, amd64", "flyway", "13.12.0", "junit", "5.14.4")),
                databases,
                versions,
                cells,
                List.of(),
                new TreeMap<>());
    }

    private static CellResult upgradeOf(String database, List<String> versions, int from, int to) {
        boolean failed = database.startsWith("mysql") && from < 2 && to >= 4;
        List<MigrationTime> migrations = IntStream.rangeClosed(from + 1, to)
                .mapToObj(i -> new MigrationTime(
                        versions.get(i),
                        DESCRIPTIONS.get(i % DESCRIPTIONS.size()),
                        i % 7 == 5 ? 1240 : 12 + 9L * i,
                        i % 7 == 2 ? List.of("person") : List.of(),
                        i % 7 == 5 ? List.of("tag", "tag_usage") : List.of()))
                .toList();
        return new CellResult(
                new Cell(database, Check.UPGRADE, versions.get(from), versions.get(to), ""),
                failed ? Result.FAILED : Result.PASSED,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "",
                80 + 35L * (to - from),
                failed
                        ? "The upgrade lost 2 of 5 rows of person:\n  - id=3, name='Zoë'\n  - id=5, name=NULL\nat migration "
                                + versions.get(4) + ", V" + versions.get(4)
                                + "__split_person_name.sql:14\n  | INSERT INTO person_name"
                        : "",
                failed
                        ? to == 4
                                ? List.of("rows lost: table person", "objects missing: index person.person_name")
                                : List.of("rows lost: table person")
                        : List.of(),
                List.of(
                        "same shape as a clean install of " + versions.get(to) + ", 41 objects",
                        "every row of 12 tables kept, 5,310 rows",
                        "a second migrate() does nothing"),
                failed
                        ? List.of(
                                "ERROR 1062 (23000) at line 14: Duplicate entry 'Zoe' for key 'person.name' " + HOSTILE)
                        : List.of(),
                failed
                        ? List.of(
                                "person.name\n- varchar(64) NOT NULL\n+ varchar(64) NULL\n  collation utf8mb4_0900_ai_ci")
                        : List.of(),
                migrations);
    }

    private static CellResult restoreOf(String database, List<String> versions, int from, int to) {
        boolean guarded = from >= versions.size() / 3;
        if (from == to) {
            return restored(database, versions.get(from));
        }
        if (database.startsWith("mariadb") && from == 1) {
            return crossed(
                    database,
                    versions,
                    from,
                    to,
                    Result.INCONCLUSIVE,
                    "ROLLED_BACK",
                    "ENVIRONMENT",
                    "",
                    "The control failed as well: ERROR 1227 (42000): Access denied; you need SUPER");
        }
        if (database.startsWith("postgres:18") && to == versions.size() - 1) {
            return crossed(
                    database, versions, from, to, Result.NOT_RUN, "", "", "", "the image postgres:18 cannot be pulled");
        }
        if (guarded) {
            return crossed(database, versions, from, to, Result.PASSED, "REFUSED", "GUARD", "", "");
        }
        if (Math.abs(from - to) == 1) {
            return from == 0
                    ? crossed(
                            database,
                            versions,
                            from,
                            to,
                            Result.PASSED,
                            "SILENTLY_ACCEPTED",
                            "",
                            "same shape, accepted by design, see ADR 7",
                            "")
                    : crossed(
                            database,
                            versions,
                            from,
                            to,
                            Result.FAILED,
                            "SILENTLY_ACCEPTED",
                            "",
                            "",
                            "The backup of " + versions.get(from) + " was accepted without an error by a database at "
                                    + versions.get(to)
                                    + ": its 41 rows lie untransformed in the new shape.\nTake backups with a guard, or restore into "
                                    + versions.get(from) + " and migrate.");
        }
        return database.startsWith("m") && to % 3 == 0
                ? crossed(
                        database,
                        versions,
                        from,
                        to,
                        Result.FAILED,
                        "PARTIALLY_APPLIED",
                        "VERSION",
                        "",
                        "The client stopped at line 88, and 3 tables have changed already")
                : crossed(
                        database,
                        versions,
                        from,
                        to,
                        Result.PASSED,
                        "ROLLED_BACK",
                        from % 2 == 0 ? "VERSION" : "OCCUPIED_TARGET",
                        "",
                        "");
    }

    private static CellResult restored(String database, String version) {
        return new CellResult(
                new Cell(database, Check.RESTORE, version, version, "psql, strict"),
                Result.PASSED,
                Optional.of("RESTORED"),
                Optional.empty(),
                Optional.empty(),
                "",
                96,
                "",
                List.of(),
                List.of("history and shape of " + version, "5,310 rows in 12 tables, and no other"),
                List.of(),
                List.of(),
                List.of());
    }

    private static CellResult crossed(
            String database,
            List<String> versions,
            int from,
            int to,
            Result result,
            String verdict,
            String cause,
            String because,
            String message) {
        return new CellResult(
                new Cell(database, Check.CROSS_VERSION_RESTORE, versions.get(from), versions.get(to), "psql, strict"),
                result,
                given(verdict),
                given(cause),
                because.isEmpty() ? Optional.empty() : Optional.of(verdict),
                because,
                result == Result.NOT_RUN ? 0 : 120 + from,
                message,
                result == Result.FAILED || result == Result.INCONCLUSIVE ? List.of(verdict) : List.of(),
                result == Result.NOT_RUN
                        ? List.of()
                        : List.of("state before and after: history, shape, digests of 12 tables"),
                verdict.equals("ROLLED_BACK")
                        ? List.of("ERROR: relation \"person\" already exists\nSQLSTATE 42P07, line 31")
                        : List.of(),
                verdict.equals("SILENTLY_ACCEPTED")
                        ? List.of("table tag\n- 12 rows\n+ 41 rows\n  flyway_schema_history turned back to "
                                + versions.get(from))
                        : List.of(),
                List.of());
    }
}
