package io.github.metadatasnapshot;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.backup.CaptureTarget;
import io.github.metadatasnapshot.backup.S3Settings;
import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.server.DatabaseServer;
import io.github.metadatasnapshot.snapshot.BackupSeries;
import io.github.metadatasnapshot.snapshot.Memo;
import io.github.metadatasnapshot.snapshot.Recorded;
import io.github.metadatasnapshot.snapshot.Recording;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Captures the backups that annotations name, each once in a run: see {@link Settings#CAPTURE}. */
final class Recorder {

    private final Settings.Capture settings;
    private final RunLog log;
    private final Optional<Path> cache;
    private final S3Settings s3;
    private final Memo<String, Backup> backups = new Memo<>();

    Recorder(Settings.Capture settings, RunLog log, Optional<Path> cache, S3Settings s3) {
        this.settings = settings;
        this.log = log;
        this.cache = cache;
        this.s3 = s3;
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
        boolean fixed = Backup.isRemote(location) && !isWritable(location);
        boolean exists = fixed
                || BackupSeries.candidates(location, engine).stream()
                        // What this run captures for MySQL is not meant for MariaDB.
                        .filter(candidate -> candidate.equals(own)
                                || !backups.knows(target(candidate).key()))
                        .anyMatch(candidate -> exists(candidate, classLoader));
        if (exists && !settings.replace()) {
            noteStale(location, engine, classLoader);
            return Optional.empty();
        }
        if (fixed) {
            throw Declaration.misuse(
                    declaration.where(),
                    "backup = \"" + location + "\" "
                            + (Backup.isS3(location)
                                    ? "is pinned, and " + Settings.CAPTURE
                                            + " = replace writes another: leave out what stands behind the #"
                                    : "is a URL, and " + Settings.CAPTURE
                                            + " = replace writes files only: capture into a file, and upload that"));
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
                series(declaration, engine, classLoader),
                declaration.newData(),
                target(own),
                settings.replace()));
    }

    /** An object without a pin can be written, as no URL of the web can. */
    private static boolean isWritable(String location) {
        return Backup.isS3(location) && !location.contains("#");
    }

    private CaptureTarget target(String location) {
        return CaptureTarget.of(location, settings.directory(), cache, s3);
    }

    private boolean exists(String location, ClassLoader classLoader) {
        return Backup.isS3(location)
                ? target(location).exists()
                : find(location).isPresent()
                        || Backup.find(location, classLoader).isPresent();
    }

    private Optional<BackupSeries> series(Declaration declaration, Engine engine, ClassLoader classLoader) {
        return declaration
                .seriesOfBackup()
                .map(all -> new BackupSeries(all, engine, classLoader, Optional.of(settings.directory())));
    }

    /**
     * Plans what is to be captured before a backup, because tests of the run ask for it too: each is made from the one before.
     *
     * @return the lowest version first
     */
    List<Recording> before(
            Recording recording, Declaration declaration, Engine engine, Class<?> testClass, Migrator migrator) {
        Optional<String> series = declaration.seriesOfBackup();
        if (series.isEmpty() || !Version.isVersion(recording.version())) {
            return List.of();
        }
        SortedMap<Version, Recording> before = new TreeMap<>();
        AskedVersions.of(series.get(), testClass).forEach((version, data) -> {
            if (Version.isVersion(version) && Version.of(version).compareTo(Version.of(recording.version())) < 0) {
                String location = series.get().replace(BackupSeries.VERSION, version);
                plan(declaration.ofVersion(version, data), location, engine, testClass.getClassLoader(), migrator)
                        .ifPresent(planned -> before.put(Version.of(version), planned));
            }
        });
        return List.copyOf(before.values());
    }

    /** Says of a backup that it is only where a build has copied it to: it may have been deleted where it came from. */
    private void noteStale(String location, Engine engine, ClassLoader classLoader) {
        if (Backup.isRemote(location)) {
            return;
        }
        for (String candidate : BackupSeries.candidates(location, engine)) {
            if (find(candidate).isPresent()) {
                return;
            }
            URL copy = classLoader.getResource(
                    candidate.replaceFirst("^classpath:", "").replaceFirst("^/+", ""));
            if (copy != null) {
                if (copy.getProtocol().equals("file")) {
                    log.note(
                            "Backups that were not captured",
                            Backup.target(candidate, settings.directory()) + " is not there, but " + copy.getPath()
                                    + " is on the class path and was taken. Where the backup was deleted, build anew,"
                                    + " so that its copy goes too");
                }
                return;
            }
        }
    }

    /** Captures a backup, unless this was done in this run already; a failure comes again. */
    Backup record(Recording recording, DatabaseServer server) {
        return backups.get(recording.target().key(), () -> {
            Optional<Recorded> recorded = recording.run(server);
            recorded.ifPresent(log::add);
            return recorded.map(Recorded::backup)
                    .orElseGet(() -> recording.target().backup());
        });
    }
}
