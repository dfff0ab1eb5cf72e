package io.github.metadatasnapshot;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.snapshot.BackupSeries;
import io.github.metadatasnapshot.snapshot.Memo;
import io.github.metadatasnapshot.snapshot.Recorded;
import io.github.metadatasnapshot.snapshot.Recording;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Captures the backups that annotations name, each once in a run: see {@link Settings#CAPTURE}. */
final class Recorder {

    private final Settings.Capture settings;
    private final RunLog log;
    private final Memo<Path, Backup> backups = new Memo<>();

    Recorder(Settings.Capture settings, RunLog log) {
        this.settings = settings;
        this.log = log;
    }

    /** {@return the directory whose files come to the class path} */
    Path directory() {
        return settings.directory();
    }

    /** Finds a backup that was written, and comes to the class path in the next build only. */
    Optional<Backup> find(String location) {
        return Optional.of(location)
                .filter(local -> !Backup.isRemote(local))
                .map(local -> Backup.target(local, settings.directory()))
                .filter(Files::exists)
                .map(Backup::of);
    }

    /**
     * Tells what is to be captured for a test, and looks for all that can be wrong with that.
     *
     * @param location where the annotation's backup is, with the version in it
     * @return empty where the test takes the backup that there is
     */
    Optional<Recording> plan(
            Declaration declaration, String location, Engine engine, ClassLoader classLoader, Migrator migrator) {
        String own = location.replace("{engine}", engine.id());
        boolean exists = Backup.isRemote(location)
                || BackupSeries.candidates(location, engine).stream()
                        // What this run captures for MySQL is not meant for MariaDB.
                        .filter(candidate -> candidate.equals(own)
                                || !backups.knows(key(Backup.target(candidate, settings.directory()))))
                        .anyMatch(candidate -> find(candidate).isPresent()
                                || Backup.find(candidate, classLoader).isPresent());
        if (exists && !settings.replace()) {
            return Optional.empty();
        }
        if (Backup.isRemote(location)) {
            throw Declaration.misuse(
                    declaration.where(),
                    "backup = \"" + location + "\" is a URL, and " + Settings.CAPTURE
                            + " = replace writes files only: capture into a file, and upload that");
        }
        String version = declaration
                .version()
                .orElseThrow(() -> Declaration.misuse(
                        declaration.where(),
                        "backup = \"" + location + "\" is to be captured, as " + Settings.CAPTURE
                                + " says, but of which version? Set version"));
        return Optional.of(new Recording(
                migrator,
                version,
                declaration
                        .seriesOfBackup()
                        .map(all -> new BackupSeries(all, engine, classLoader, Optional.of(settings.directory()))),
                declaration.newData(),
                Backup.target(own, settings.directory()),
                settings.replace()));
    }

    /** Captures a backup, unless this was done in this run already; a failure comes again. */
    Backup record(Recording recording, DatabaseServer server) {
        return backups.get(key(recording.target()), () -> {
            Optional<Recorded> recorded = recording.run(server);
            recorded.ifPresent(log::add);
            return recorded.map(Recorded::backup).orElseGet(() -> Backup.of(recording.target()));
        });
    }

    private static Path key(Path target) {
        return target.toAbsolutePath().normalize();
    }
}
