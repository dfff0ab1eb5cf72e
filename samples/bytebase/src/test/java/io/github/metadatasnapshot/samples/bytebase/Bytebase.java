package io.github.metadatasnapshot.samples.bytebase;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.migration.FlywaySettings;
import io.github.metadatasnapshot.migration.Migrator;
import io.github.metadatasnapshot.migration.MigratorFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Bytebase: the checkout that {@code -Dbytebase.home} names, or else the miniature. */
class Bytebase implements MigratorFactory {

    /** Where the migrations lie. */
    static final String MIGRATIONS = "backend/migrator/migration";

    private static final Pattern SCRIPT = Pattern.compile(".*/(\\d+\\.\\d+)/0*(\\d+)##.+\\.sql");

    private static final String HOME = System.getProperty("bytebase.home", "");

    /** {@return whether its migrations begin with an empty database; the product drops old ones from time to time} */
    static boolean isMiniature() {
        return HOME.isBlank();
    }

    static Path home() {
        return Path.of(isMiniature() ? "src/test/miniature" : HOME);
    }

    /** {@return the version that its {@code LATEST.sql} makes} */
    static Version latest() {
        try (Stream<Path> files = Files.walk(home().resolve(MIGRATIONS))) {
            return latest(files.map(file -> file.toString().replace('\\', '/')));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return the highest version among scripts} */
    static Version latest(Stream<String> scripts) {
        return scripts.map(SCRIPT::matcher)
                .filter(Matcher::matches)
                .map(script -> Version.of(script.group(1) + "." + script.group(2)))
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    @Override
    public Migrator create(FlywaySettings settings, Engine engine, ClassLoader classLoader) {
        return new BytebaseMigrator(home(), UnaryOperator.identity(), settings, engine, classLoader);
    }
}
