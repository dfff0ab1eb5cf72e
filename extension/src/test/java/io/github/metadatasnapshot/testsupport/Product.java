package io.github.metadatasnapshot.testsupport;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.migration.FlywayCustomizer;
import io.github.metadatasnapshot.migration.FlywayMigrator;
import io.github.metadatasnapshot.migration.FlywaySettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A product that a test makes up: its migrations, and how it configures Flyway. */
public final class Product {

    private final Path directory;
    private final List<String> configFiles = new ArrayList<>();
    private List<String> locations;
    private Map<String, String> placeholders = Map.of();
    private Optional<FlywayCustomizer> customizer = Optional.empty();
    private ClassLoader classLoader = Product.class.getClassLoader();
    private boolean versionedOnly;

    /** Creates a product without any migrations yet. */
    public Product(Path directory) {
        this.directory = directory;
        this.locations = List.of("filesystem:" + directory.resolve("sql"));
        write("sql/.keep", "");
    }

    private Path write(String name, String text) {
        try {
            Path file = directory.resolve(name);
            Files.createDirectories(file.getParent());
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds a file where the migrations lie. */
    public Product sql(String name, String text) {
        write("sql/" + name, text);
        return this;
    }

    /** Adds a configuration file, in which {@code DIR} stands for the product's directory; the locations are left to it. */
    public Product config(String name, String text) {
        locations = List.of();
        return alsoConfig(name, text);
    }

    /** Adds a configuration file, beside the locations of an annotation. */
    public Product alsoConfig(String name, String text) {
        configFiles.add(write(name, text.replace("DIR", directory.toString())).toString());
        return this;
    }

    public Product locations(String... all) {
        locations = List.of(all);
        return this;
    }

    public Product placeholders(Map<String, String> values) {
        placeholders = values;
        return this;
    }

    public Product customizer(FlywayCustomizer own) {
        customizer = Optional.of(own);
        return this;
    }

    public Product classLoader(ClassLoader own) {
        classLoader = own;
        return this;
    }

    public Product versionedOnly() {
        versionedOnly = true;
        return this;
    }

    public FlywayMigrator migrator(Engine engine) {
        return new FlywayMigrator(
                new FlywaySettings(configFiles, locations, "", List.of(), placeholders, customizer, versionedOnly),
                engine,
                classLoader);
    }
}
