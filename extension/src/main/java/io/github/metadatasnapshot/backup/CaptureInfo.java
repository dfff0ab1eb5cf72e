package io.github.metadatasnapshot.backup;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.SchemaHistory;
import io.github.metadatasnapshot.engine.TableName;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a backup says about its own making, in comments at its head: see {@link SnapshotCapture}.
 *
 * @param engine the engine that it was captured from
 * @param serverVersion the version of the server, such as {@code 17.5}
 * @param tool the dump tool, such as {@code pg_dump}
 * @param toolVersion the version of the dump tool
 * @param kind what was captured
 * @param version the version of the schema, as its history says
 * @param historyTable the history table
 * @param date when it was captured, to the second
 * @param migrations the migrations that had been applied, by rank
 */
public record CaptureInfo(
        Engine engine,
        String serverVersion,
        String tool,
        String toolVersion,
        BackupInfo.Kind kind,
        String version,
        TableName historyTable,
        Instant date,
        List<Migration> migrations) {

    /** Copies the list. */
    public CaptureInfo {
        migrations = List.copyOf(migrations);
    }

    /**
     * A migration that had been applied, for comparing it with today's: where the checksum of the same one is another
     * today, its script was changed after it had been released.
     *
     * @param version the version; {@code null} for a repeatable migration
     * @param description what the migration is called; what tells repeatable ones apart
     * @param checksum the checksum of the script; {@code null} where the kind of migration has none
     */
    public record Migration(
            @Nullable String version,
            String description,
            @Nullable Integer checksum) {}

    /** {@return the migrations of a history that succeeded and were not undone, or deleted by a repair, since} */
    static List<Migration> migrations(SchemaHistory history) {
        Map<String, Migration> applied = new LinkedHashMap<>();
        for (SchemaHistory.Row row : history.rows()) {
            String key = row.version() == null ? "R " + row.description() : "V " + row.version();
            if (row.success()) {
                // The last of a repeatable one counts, in its place.
                applied.remove(key);
                if (!row.type().startsWith("UNDO") && !row.type().equals("DELETE")) {
                    applied.put(key, new Migration(row.version(), row.description(), row.checksum()));
                }
            }
        }
        Collection<Migration> migrations = applied.values();
        return List.copyOf(migrations);
    }
}
