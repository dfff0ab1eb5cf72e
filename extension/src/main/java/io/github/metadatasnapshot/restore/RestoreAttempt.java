package io.github.metadatasnapshot.restore;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.backup.BackupInfo;
import io.github.metadatasnapshot.server.TestDatabase;
import java.io.InputStream;
import java.util.List;
import java.util.Set;

/**
 * What a procedure is to restore.
 *
 * @param target the database
 * @param backup the backup
 * @param info what the backup holds
 * @param prologue statements for the session that loads to begin with, so that the rows which migrations wrote make way
 *     for a data-only backup; none for a full one
 * @param missingRoles roles that the backup names and that the server lacks
 * @param preparation makes an empty database one that a data-only backup is meant for
 */
public record RestoreAttempt(
        TestDatabase target,
        Backup backup,
        BackupInfo info,
        List<String> prologue,
        Set<String> missingRoles,
        Preparation preparation) {

    /** Makes an empty database one that a data-only backup is meant for. */
    @FunctionalInterface
    public interface Preparation {

        /** Where no migrations are known. */
        Preparation NONE = empty -> {
            throw new RestoreException(
                    "An empty database cannot be migrated to the version of the backup: no migrations are known here",
                    null);
        };

        /**
         * Migrates a database to the version of the backup.
         *
         * @param empty the database
         * @throws RestoreException if it cannot be migrated there
         */
        void migrate(TestDatabase empty);
    }

    /** Copies the collections. */
    public RestoreAttempt {
        prologue = List.copyOf(prologue);
        missingRoles = Set.copyOf(missingRoles);
    }

    /** {@return an attempt to restore the same into another database} */
    RestoreAttempt into(TestDatabase other, List<String> withPrologue) {
        return new RestoreAttempt(other, backup, info, withPrologue, missingRoles, preparation);
    }

    /** {@return an attempt to restore another file into the same database} */
    RestoreAttempt from(Backup other) {
        return new RestoreAttempt(target, other, info, prologue, missingRoles, preparation);
    }

    /**
     * Opens the backup's statements, those left out that are about the server and not about the database; those that change
     * the database by its name are about the target.
     *
     * @return the statements, to be closed by the caller
     * @throws io.github.metadatasnapshot.backup.BackupException if the file cannot be opened, or needs a client and the
     *     server has none beside it
     */
    public InputStream openScript() {
        return info.about(
                target.engine().quote(target.name()),
                backup.openScript(target.server().clientHost(), info.leftOut()));
    }
}
