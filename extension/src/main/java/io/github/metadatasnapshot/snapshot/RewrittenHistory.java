package io.github.metadatasnapshot.snapshot;

import static java.util.stream.Collectors.toSet;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.backup.BackupInfo;
import io.github.metadatasnapshot.backup.CaptureInfo;
import io.github.metadatasnapshot.engine.SchemaHistory;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.migration.Migration;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.server.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Holds the migrations that a backup was captured with against those of today. */
public final class RewrittenHistory {

    private static final int MOST_LISTED = 10;

    private RewrittenHistory() {}

    /**
     * Checks that the versioned migrations which a backup was {@linkplain
     * io.github.metadatasnapshot.backup.SnapshotCapture captured} with are the same today. A backup that says nothing of its
     * making passes; so do repeatable and baseline migrations, and those after the latest of today.
     *
     * @param backup the backup
     * @param migrator what migrates the database
     * @param database the database that the backup is for, which stays as it is
     * @throws SnapshotException if a checksum is another today, or a migration is missing
     * @throws io.github.metadatasnapshot.backup.BackupException if the backup is damaged or of another engine
     * @throws io.github.metadatasnapshot.migration.MigrationException if the migrations cannot be read
     */
    public static void check(Backup backup, Migrator migrator, TestDatabase database) {
        BackupInfo info = backup.inspect(
                database.engine(), migrator.historyTable(), database.server().clientHost());
        Optional<CaptureInfo> capture = info.capture();
        if (capture.isEmpty() || !migrator.listsAllMigrations()) {
            return;
        }
        NavigableMap<Version, Migration> today = today(migrator, database);
        Set<Version> baselines = baselines(info);
        List<String> differences = new ArrayList<>();
        for (CaptureInfo.Migration then : capture.get().migrations()) {
            if (then.version() == null || !Version.isVersion(then.version())) {
                continue;
            }
            Version version = Version.of(then.version());
            boolean later = today.isEmpty() || version.compareTo(today.lastKey()) > 0;
            if (later || baselines.contains(version)) {
                continue;
            }
            Migration now = today.get(version);
            // A product's own history may say no checksums.
            boolean unknown =
                    then.checksum() == null && !migrator.historyTable().isFlyways();
            if (now != null && unknown) {
                continue;
            }
            if (now == null || !now.checksum().equals(Optional.ofNullable(then.checksum()))) {
                differences.add("%s (%s): checksum %s when it was captured, %s"
                        .formatted(
                                version,
                                then.description(),
                                describe(Optional.ofNullable(then.checksum())),
                                now == null ? "no such migration today" : describe(now.checksum()) + " today"));
            }
        }
        if (!differences.isEmpty()) {
            throw new SnapshotException(message(backup, capture.get(), differences), null);
        }
    }

    private static NavigableMap<Version, Migration> today(Migrator migrator, TestDatabase database) {
        NavigableMap<Version, Migration> today = new TreeMap<>();
        for (Migration migration : migrator.migrations(database)) {
            if (!migration.baseline()) {
                migration.version().ifPresent(version -> today.put(version, migration));
            }
        }
        return today;
    }

    /** Rows by which Flyway notes where a history begins, of which no versioned migration tells. */
    private static Set<Version> baselines(BackupInfo info) {
        return info.history().orElse(SchemaHistory.EMPTY).rows().stream()
                .filter(row -> row.type().contains("BASELINE"))
                .flatMap(row -> Optional.ofNullable(row.version()).stream())
                .filter(Version::isVersion)
                .map(Version::of)
                .collect(toSet());
    }

    private static String describe(Optional<Integer> checksum) {
        return checksum.map(Object::toString).orElse("none");
    }

    private static String message(Backup backup, CaptureInfo capture, List<String> differences) {
        StringBuilder message = new StringBuilder("History rewritten: backup " + backup.name()
                + " was captured at version " + capture.version() + " with other migrations than there are today:");
        differences.stream()
                .limit(MOST_LISTED)
                .forEach(line -> message.append("\n- ").append(line));
        int more = differences.size() - MOST_LISTED;
        message.append(more > 0 ? "\n- and " + more + " more" : "");
        return message.append(
                        "\nLikely a migration was edited or deleted after its release, which databases that ran it"
                                + " will never see. Put it back as it was, and make the change in a new migration. Only where"
                                + " nobody has run it yet: delete the backup, and capture it again")
                .toString();
    }
}
