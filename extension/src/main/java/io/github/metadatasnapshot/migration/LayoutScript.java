package io.github.metadatasnapshot.migration;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.flywaydb.core.api.resource.LoadableResource;

/** All scripts of a {@link LayoutMigration} as the one that Flyway runs. */
final class LayoutScript extends LoadableResource {

    /** A script, and the line at which it begins among the others, from 1. */
    private record Part(String path, int firstLine, String text) {}

    /** A line of a script, from 1. */
    record Place(String script, int line, String textFromThere) {}

    private final LayoutMigration migration;
    private final Path directory;
    private final List<Part> parts = new ArrayList<>();
    private final String text;

    LayoutScript(Path root, LayoutMigration migration) {
        this.migration = migration;
        this.directory = root.resolve(migration.path());
        StringBuilder all = new StringBuilder();
        for (String script : migration.scripts()) {
            String content = read(root.resolve(script));
            if (!parts.isEmpty()) {
                // The last statement of a script need not end with a semicolon, and an empty one is none.
                all.append("\n;\n");
            }
            parts.add(new Part(script, (int) all.chars().filter(c -> c == '\n').count() + 1, content));
            all.append(content);
            if (parts.size() == 1) {
                migration
                        .step()
                        .ifPresent(
                                step -> all.append("\n;\n").append(stepMark()).append(";\n"));
            }
        }
        if (migration.scripts().isEmpty()) {
            migration.step().ifPresent(step -> all.append(stepMark()).append(";\n"));
        }
        this.text = all.toString();
    }

    private static String read(Path file) {
        try {
            String content = Files.readString(file);
            return content.startsWith("\uFEFF") ? content.substring(1) : content;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    LayoutMigration migration() {
        return migration;
    }

    /** {@return the statement that does nothing, in the place of which the step runs} */
    String stepMark() {
        return "SELECT 'metadata-snapshot: step of " + migration.version() + "'";
    }

    /** Finds the script that a line of all of them together belongs to. */
    Optional<Place> place(int line) {
        Optional<Place> found = Optional.empty();
        for (Part part : parts) {
            if (part.firstLine() <= line) {
                int inPart = line - part.firstLine() + 1;
                List<String> lines = part.text().lines().skip(inPart - 1L).toList();
                found = Optional.of(new Place(part.path(), inPart, String.join("\n", lines)));
            }
        }
        return found;
    }

    String text() {
        return text;
    }

    @Override
    public Reader read() {
        return new StringReader(text);
    }

    @Override
    public String getAbsolutePath() {
        return directory.toAbsolutePath().toString();
    }

    @Override
    public String getAbsolutePathOnDisk() {
        return getAbsolutePath();
    }

    @Override
    public String getFilename() {
        return migration.flywayName();
    }

    @Override
    public String getRelativePath() {
        return migration.flywayName();
    }
}
