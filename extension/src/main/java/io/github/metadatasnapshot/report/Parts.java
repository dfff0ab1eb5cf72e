package io.github.metadatasnapshot.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What the JVMs of one build have to tell: a file each, in a directory that is named after the {@link BuildProcess}.
 *
 * <p>What belongs to one build cannot be told by time, as forks may run side by side or one after another. But they all
 * have one ancestor: a directory of another is of an earlier build, and is deleted. Where the ancestor is a daemon, as
 * Gradle's or an IDE, a later run replaces the cells that it ran again, and the others stay for as long as what was tested
 * stays the same: see {@link CompatibilityReport#build()}.
 */
final class Parts {

    /** A file, and the report in it. */
    record Part(Path file, CompatibilityReport report) {}

    private final Path root;
    private final BuildProcess build;

    Parts(Path root, BuildProcess build) throws IOException {
        this.root = root;
        this.build = build;
        Files.createDirectories(root);
    }

    /** {@return the file that is locked while the parts are read and written} */
    Path lock() {
        return root.resolve("lock");
    }

    /** Adds a part, and deletes those of other builds. */
    void add(CompatibilityReport report) throws IOException {
        Path directory = root.resolve(build.toString());
        for (Path other : list(root)) {
            Optional<BuildProcess> owner = BuildProcess.of(other.getFileName().toString());
            if (owner.isPresent() && owner.get().isSame(build)) {
                directory = other;
            } else if (owner.isPresent()) {
                delete(other);
            }
        }
        Files.createDirectories(directory);
        LockedFile.replace(directory.resolve(UUID.randomUUID() + ".json"), ReportJson.write(report));
    }

    /** {@return the parts of this build; one that cannot be read is another version's, and is deleted} */
    List<Part> ofThisBuild() throws IOException {
        List<Part> parts = new ArrayList<>();
        for (Path directory : list(root)) {
            if (Files.isDirectory(directory)) {
                for (Path file : list(directory)) {
                    try {
                        parts.add(new Part(file, ReportJson.read(file)));
                    } catch (ReportException e) {
                        Files.delete(file);
                    }
                }
            }
        }
        return parts;
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
