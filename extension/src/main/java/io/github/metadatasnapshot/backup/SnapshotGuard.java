package io.github.metadatasnapshot.backup;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.GuardSpec;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.engine.SchemaHistory;
import io.github.metadatasnapshot.engine.TableName;
import io.github.metadatasnapshot.engine.Version;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Puts a guard on a dump: SQL at its head by which any standard client stops, before anything is changed, when the
 * database is at another version than the dump. It works on the machines of whoever restores the dump, without this
 * library:
 *
 * <pre>{@code
 * SnapshotGuard.add(Path.of("dump.sql"), Path.of("backups/1.2.sql.gz"));
 * }</pre>
 *
 * <p>{@code psql} (with or without {@code ON_ERROR_STOP}), {@code mysql} and {@code mariadb} print an error that names both
 * versions and exit with a status that is not 0. Two things a guard cannot stop: {@code mysql --force} and {@code mariadb
 * --force}, which go on after every error, and {@code pg_restore}, whose archives hold no SQL of ours.
 *
 * <p>A database is at the dump's version when the dump's highest migration was applied there, and none that the dump's own
 * history does not have. A full dump goes into a database without a history table as well, a data-only one does not.
 *
 * @since 0.1
 */
public final class SnapshotGuard {

    private static final String DEFAULT_HISTORY_TABLE = "flyway_schema_history";

    /** More than a guard has on any engine. */
    private static final int MOST_STATEMENTS = 10;

    private SnapshotGuard() {}

    /**
     * Puts a guard on a dump whose history table is {@code flyway_schema_history}.
     *
     * @param dump a plain dump of {@code pg_dump}, {@code mysqldump} or {@code mariadb-dump}, compressed by gzip, by zstd
     *     or not at all
     * @param guarded where the dump with the guard is written, compressed by its suffix: {@code .gz}, {@code .zst} or
     *     none. A file there is replaced once the new one is complete, {@code dump} itself included
     * @throws BackupException if the dump is damaged, has a guard already, does not tell its version, or is in
     *     PostgreSQL's custom format; or if a file cannot be read or written. {@code guarded} is as it was then
     */
    public static void add(Path dump, Path guarded) {
        add(dump, guarded, DEFAULT_HISTORY_TABLE);
    }

    /**
     * Puts a guard on a dump.
     *
     * @param dump as in {@link #add(Path, Path)}
     * @param guarded as in {@link #add(Path, Path)}
     * @param historyTable the name of Flyway's history table, without its schema
     * @throws BackupException as in {@link #add(Path, Path)}
     */
    public static void add(Path dump, Path guarded, String historyTable) {
        Backup backup = file(dump);
        requirePlain(backup);
        try (BackupFile file = BackupFile.begin(guarded)) {
            add(backup, backup.writer(), historyTable, file.content());
            file.complete();
        } catch (IOException e) {
            throw new BackupException(guarded + " cannot be written: " + e, e);
        }
    }

    /**
     * Puts a guard on a dump.
     *
     * @param dump the dump
     * @param engine the engine that it is for
     * @param historyTable the name of Flyway's history table, without its schema
     * @param target takes the dump with the guard, not compressed; it is not closed
     * @throws BackupException as in {@link #add(Path, Path)}
     * @throws IOException if {@code target} does not take what is written
     */
    public static void add(Backup dump, Engine engine, String historyTable, OutputStream target) throws IOException {
        requirePlain(dump);
        BackupInfo info = dump.inspect(engine, historyTable, Optional.empty());
        if (info.guard().isPresent()) {
            throw new BackupException(dump.name() + " has a guard already, for version "
                    + info.guard().get());
        }
        if (info.createsDatabase()) {
            throw new BackupException(
                    dump.name() + " takes no guard: it creates its database, and a guard before that finds no"
                            + " history. Dump without -C (--create)");
        }
        String guard = GuardMark.text(info.writer(), spec(dump, info, historyTable));
        try (BufferedInputStream script = new BufferedInputStream(dump.open())) {
            target.write(ScriptHead.take(script));
            target.write(guard.getBytes(US_ASCII));
            script.transferTo(target);
        }
    }

    private static void requirePlain(Backup dump) {
        if (dump.format() != Backup.Format.PLAIN) {
            throw new BackupException(dump.name() + " is in PostgreSQL's custom format (pg_dump -Fc), which takes no"
                    + " guard: dump plain (pg_dump -Fp)");
        }
    }

    private static GuardSpec spec(Backup dump, BackupInfo info, String historyTable) {
        Set<TableName> tables = new TreeSet<>(info.rows().keySet());
        tables.addAll(info.createdTables());
        Optional<TableName> table =
                new HistoryTable("", historyTable).among(tables).stream().findFirst();
        SchemaHistory history = info.history().orElse(SchemaHistory.EMPTY);
        Optional<Version> version = history.version();
        if (table.isEmpty() || version.isEmpty()) {
            throw new BackupException(dump.name() + " holds "
                    + (table.isEmpty() ? "no table " : "no applied version in the table ") + historyTable
                    + ", so nothing tells which version its guard should demand. Name the history table, if it is"
                    + " another; or dump with it");
        }
        return new GuardSpec(version.get(), history.applied(), table.get(), info.kind() == BackupInfo.Kind.FULL);
    }

    /**
     * Tells whether a dump has a guard, by its head alone.
     *
     * @param dump the dump, compressed or not
     * @return the version that its guard demands of a database, empty where it has none
     * @throws BackupException if it cannot be read, or is no dump
     */
    public static Optional<String> versionOf(Path dump) {
        Backup backup = file(dump);
        if (backup.format() != Backup.Format.PLAIN) {
            return Optional.empty();
        }
        GuardMark mark = new GuardMark();
        try (ScriptReader reader =
                new ScriptReader(backup.open(), backup.writer().scriptSyntax(), mark::comment)) {
            // A guard comes first: the mark that ends it stands before the statements of the dump itself.
            for (int i = 0; i <= MOST_STATEMENTS && mark.lastLine() == 0 && reader.next() != null; i++) {
                mark.statement();
            }
        } catch (IOException e) {
            throw backup.damaged(e);
        }
        return mark.version();
    }

    private static Backup file(Path path) {
        return Backup.locate("file:" + path, SnapshotGuard.class.getClassLoader());
    }
}
