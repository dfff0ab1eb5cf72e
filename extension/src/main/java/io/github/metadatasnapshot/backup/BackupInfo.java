package io.github.metadatasnapshot.backup;

import io.github.metadatasnapshot.engine.DatabaseDefaults;
import io.github.metadatasnapshot.engine.DatabaseNameColumn;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.HistoryTable;
import io.github.metadatasnapshot.engine.LargeObjects;
import io.github.metadatasnapshot.engine.SchemaHistory;
import io.github.metadatasnapshot.engine.SequencePosition;
import io.github.metadatasnapshot.engine.TableName;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.server.DatabaseServer;
import java.io.InputStream;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is in a backup.
 *
 * @param writer the engine that it was taken from; where the file does not tell MySQL from MariaDB, the target's
 * @param tool the dump tool, such as {@code pg_dump}; empty where the file has no header of one
 * @param toolVersion the version of the dump tool, such as {@code 17.5}, where the file says it
 * @param serverVersion the version of the server that it was taken from, where the file says it
 * @param kind whether it creates the tables
 * @param rows the tables that it holds the rows of and how many, those that have none included
 * @param createdTables the tables that it creates
 * @param largeObjects the large objects that it creates, without a digest
 * @param setGenerators the sequences of which it says where they continue, as {@link SequencePosition#name} has them; where it names one by its column, the {@linkplain SequencePosition.Column#label column}
 * @param roles the roles that it names: as PostgreSQL's catalogue spells them, {@code user@host} on MySQL and MariaDB
 * @param history the rows of the history table, empty where the file does not mention that table
 * @param otherDatabases the databases that rows of the history name and that the backup is not known to be of, so that these
 *     rows do not count
 * @param characterSet the default character set of the database that it was taken from, empty where the file does not say
 *     it: MySQL and MariaDB only
 * @param database what the database had by default that it was taken from, as far as the file says it: PostgreSQL only
 * @param roleSettings what was set for a role in that database, as {@code ALTER ROLE … SET} takes it, by role: PostgreSQL only
 * @param databaseLines the lines that begin with a statement which gives that character set to the database by its name
 * @param leftOut the statements that are about the server or the database as a whole and are not run, in the order of the file
 * @param bytes the length of its statements in bytes: of the file once it is decompressed, or of what
 *     {@code pg_restore} makes of it
 * @param guard the version that its {@linkplain SnapshotGuard guard} demands of a database, empty where it has no guard
 * @param guardEnd the line in which the guard ends, from 1; 0 where it has none
 * @param capture what it says about its own making, empty where it was not {@linkplain SnapshotCapture captured} by this
 *     library
 * @param declared the version that was {@linkplain Backup#declaredAt declared} for it; empty where it has a history, which
 *     tells, or a schema
 */
public record BackupInfo(
        Engine writer,
        Optional<String> tool,
        Optional<String> toolVersion,
        Optional<String> serverVersion,
        Kind kind,
        SortedMap<TableName, Long> rows,
        SortedSet<TableName> createdTables,
        LargeObjects largeObjects,
        Set<String> setGenerators,
        SortedSet<String> roles,
        Optional<SchemaHistory> history,
        SortedSet<String> otherDatabases,
        Optional<DatabaseDefaults.CharacterSet> characterSet,
        DatabaseDefaults database,
        SortedMap<String, List<String>> roleSettings,
        SortedSet<Long> databaseLines,
        List<LeftOut> leftOut,
        long bytes,
        Optional<String> guard,
        long guardEnd,
        Optional<CaptureInfo> capture,
        Optional<Version> declared) {

    /** How much of a database a backup holds. */
    public enum Kind {
        /** Schema and data; for a database that is empty. */
        FULL,
        /** Rows for tables that are there already. */
        DATA_ONLY
    }

    /** Copies the collections. */
    public BackupInfo {
        rows = Collections.unmodifiableSortedMap(new TreeMap<>(rows));
        createdTables = Collections.unmodifiableSortedSet(new TreeSet<>(createdTables));
        setGenerators = Set.copyOf(setGenerators);
        roleSettings = Collections.unmodifiableSortedMap(new TreeMap<>(roleSettings));
        leftOut = List.copyOf(leftOut);
        otherDatabases = Collections.unmodifiableSortedSet(new TreeSet<>(otherDatabases));
        roles = Collections.unmodifiableSortedSet(new TreeSet<>(roles));
        databaseLines = Collections.unmodifiableSortedSet(new TreeSet<>(databaseLines));
    }

    /** {@return the version that its history says, or else the declared one; empty where there is neither} */
    public Optional<Version> version() {
        return history.flatMap(SchemaHistory::version).or(() -> declared);
    }

    /** {@return the version for a message: {@code 1.2}, {@code 1.2 (as declared)}, or {@code no version}} */
    public String describeVersion() {
        return version()
                .map(version -> version + (declared.isPresent() ? " (as declared)" : ""))
                .orElse("no version");
    }

    /** {@return a sentence on where the version comes from, without its full stop; empty where the file says it} */
    public Optional<String> declaredNote() {
        return declared.map(version -> "its version, " + version
                + ", is as declared, since it holds no history: its rows have to fit the schema of " + version);
    }

    /** {@return the same with a declared version, where it holds rows alone and no history} */
    BackupInfo declaredAt(Version version) {
        return kind == Kind.DATA_ONLY && history.isEmpty() ? with(capture, Optional.of(version)) : this;
    }

    /**
     * Lets the statements that change the database by its name be about another one.
     *
     * @param script the backup's statements
     * @param database the name of the other database, in the engine's quotes
     * @return the statements with that name; the same stream where no statement names a database
     */
    public InputStream about(String database, InputStream script) {
        return DatabaseStatement.about(script, databaseLines, database);
    }

    /**
     * Returns a server with the defaults that the database had which the backup was taken from.
     *
     * @param server the server that a database is made on
     * @return the server itself, where it was given defaults already, or the backup says nothing of them
     */
    public DatabaseServer on(DatabaseServer server) {
        return characterSet
                .map(server::with)
                .orElseGet(() -> database.isNone() ? server : server.withThoseSaid(database));
    }

    /**
     * Says why the history counts nowhere but in a database of another name.
     *
     * @param historyTable the history
     * @return what its rows name, and what is to be done; empty where the backup has a version, or no rows
     */
    public Optional<String> whyOtherDatabase(HistoryTable historyTable) {
        if (otherDatabases.isEmpty()
                || history.flatMap(SchemaHistory::version).isPresent()
                || historyTable.databaseName().isEmpty()) {
            return Optional.empty();
        }
        DatabaseNameColumn column = historyTable.databaseName().get();
        boolean one = otherDatabases.size() == 1;
        return Optional.of("the rows of its history are of the database" + (one ? " " : "s ")
                + String.join(" and ", otherDatabases) + " (" + column + "), and count in a database of that name only."
                + " Rewrite the name of the database that was dumped to that of the database that it is restored into, as"
                + " a test does with renamed = @RenamedDatabase(table = \"" + column.table() + "\", column = \""
                + column.column() + "\", name = \"" + (one ? otherDatabases.first() : "…") + "\")");
    }

    /** {@return whether it creates the database, where no guard finds a history} */
    boolean createsDatabase() {
        return writer == Engine.POSTGRESQL && !leftOut.isEmpty();
    }

    /** Tells whether it says where a sequence continues. */
    public boolean sets(SequencePosition position) {
        return setGenerators.contains(position.name())
                || position.columns().stream()
                        .map(SequencePosition.Column::label)
                        .anyMatch(setGenerators::contains);
    }

    BackupInfo with(Optional<CaptureInfo> capture) {
        return with(capture, declared);
    }

    private BackupInfo with(Optional<CaptureInfo> capture, Optional<Version> declared) {
        return new BackupInfo(
                writer,
                tool,
                toolVersion,
                serverVersion,
                kind,
                rows,
                createdTables,
                largeObjects,
                setGenerators,
                roles,
                history,
                otherDatabases,
                characterSet,
                database,
                roleSettings,
                databaseLines,
                leftOut,
                bytes,
                guard,
                guardEnd,
                capture,
                declared);
    }
}
