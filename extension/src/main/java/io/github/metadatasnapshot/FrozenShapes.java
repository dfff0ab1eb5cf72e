package io.github.metadatasnapshot;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.migration.CleanInstall;
import io.github.metadatasnapshot.migration.FrozenComparison;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.shape.FrozenShape;
import io.github.metadatasnapshot.snapshot.SnapshotException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Reads frozen shapes, and writes those that the settings ask for: see {@link Settings#CAPTURE}. */
final class FrozenShapes {

    private final Optional<Settings.Capture> capture;
    private final CleanInstall.Source cleanInstalls;
    private final RunLog log;
    private final Set<Path> written = new HashSet<>();

    FrozenShapes(Optional<Settings.Capture> capture, CleanInstall.Source cleanInstalls, RunLog log) {
        this.capture = capture;
        this.cleanInstalls = cleanInstalls;
        this.log = log;
    }

    /**
     * Compares a database with the frozen shape of its version.
     *
     * @param location where the shape is; {@code {engine}}, {@code {release}} and {@code {version}} stand for those of the database
     */
    FrozenComparison compare(String location, TestDatabase database, Migrator migrator, ClassLoader classLoader) {
        if (Backup.isRemote(location)) {
            throw new SnapshotException(
                    "The frozen shape '" + location + "' is a URL: it takes a file, which lies beside the tests", null);
        }
        FrozenShape now = FrozenComparison.freeze(database, migrator);
        String named = location.replace("{engine}", database.engine().id())
                .replace("{version}", now.version())
                .replace("{release}", now.release());
        capture.ifPresent(settings -> write(settings, named, now, classLoader));
        Backup file = find(named, classLoader)
                .orElseThrow(() -> new SnapshotException(
                        "There is no frozen shape " + named + ", neither on the class path nor at "
                                + Backup.target(named, Path.of("")).toAbsolutePath() + ". Run this test once with "
                                + Settings.CAPTURE + "=missing, which writes it, and commit the file",
                        null));
        return FrozenComparison.of(database, migrator, read(file), file.name(), cleanInstalls);
    }

    private Optional<Backup> find(String location, ClassLoader classLoader) {
        return capture.map(settings -> Backup.target(location, settings.directory()))
                .filter(Files::exists)
                .map(Backup::of)
                .or(() -> Backup.find(location, classLoader));
    }

    private static FrozenShape read(Backup file) {
        try (InputStream in = file.openRaw()) {
            return FrozenShape.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new SnapshotException("The frozen shape " + file.name() + " cannot be read: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new SnapshotException(
                    "The frozen shape " + file.name() + " is damaged: " + e.getMessage()
                            + ". Take it from version control again",
                    e);
        }
    }

    private synchronized void write(
            Settings.Capture settings, String location, FrozenShape shape, ClassLoader classLoader) {
        Path file = Backup.target(location, settings.directory()).toAbsolutePath();
        boolean exists = find(location, classLoader).isPresent();
        if ((exists && !settings.replace()) || !written.add(file)) {
            return;
        }
        Path beside = file.resolveSibling(UUID.randomUUID() + ".tmp");
        try {
            Files.createDirectories(file.resolveSibling(""));
            Files.writeString(beside, shape.text());
            Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new SnapshotException("The frozen shape " + file + " cannot be written: " + e, e);
        }
        log.addShape(file, shape.version(), exists);
    }
}
