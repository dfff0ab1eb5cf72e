package io.github.metadatasnapshot.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.engine.Engine;
import io.github.metadatasnapshot.engine.Version;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackupSeriesTests {

    @TempDir
    private Path directory;

    private static NavigableSet<Version> versions(String... versions) {
        NavigableSet<Version> all = new TreeSet<>();
        Stream.of(versions).map(Version::of).forEach(all::add);
        return all;
    }

    private void write(String... files) throws IOException {
        for (String file : files) {
            Path path = directory.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, "-- " + file);
        }
    }

    private List<String> onClassPath(String pattern, Engine engine, SortedSet<Version> versions) throws IOException {
        return findings(pattern, engine, directory.toUri().toURL(), versions);
    }

    private static List<String> findings(String pattern, Engine engine, URL classPath, SortedSet<Version> versions)
            throws IOException {
        try (URLClassLoader loader = new URLClassLoader(new URL[] {classPath}, null)) {
            return new BackupSeries(pattern, engine, loader, Optional.empty())
                    .findings(versions)
                    .describe();
        }
    }

    @Test
    void fitsWhereEachVersionHasOne() throws IOException {
        write("backups/postgresql/1.sql.gz", "backups/postgresql/1.10.sql.gz", "backups/postgresql/README.md");

        assertThat(onClassPath("backups/{engine}/{version}.sql.gz", Engine.POSTGRESQL, versions("1", "1.10")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "backups/{engine}/{version}.sql, backups/postgresql/1.9.sql, backups/postgresql/0.9.sql",
        "classpath:/backups/{version}/{engine}.sql, backups/1.9/postgresql.sql, backups/0.9/postgresql.sql",
        "{version}.sql, 1.9.sql, 0.9.sql",
        "v{version}/catalog-{version}.sql, v1.9/catalog-1.9.sql, v0.9/catalog-0.9.sql",
        "all/{version}.{engine}.{version}.sql, all/1.9.postgresql.1.9.sql, all/0.9.postgresql.0.9.sql"
    })
    void namesWhatDoesNotFit(String pattern, String fits, String orphan) throws IOException {
        write(fits, orphan);

        List<String> found = onClassPath(pattern, Engine.POSTGRESQL, versions("1.8", "1.9", "1.10"));

        assertThat(found)
                .containsExactly(
                        "no backup of version 1.8, 1.10",
                        "no migration has the version of " + (pattern.startsWith("classpath") ? "classpath:/" : "")
                                + orphan);
    }

    @Test
    void readsVersionsAsFlywayDoes() throws IOException {
        write("1.0.sql", "1_10.sql");

        assertThat(onClassPath("{version}.sql", Engine.POSTGRESQL, versions("1", "1.10")))
                .isEmpty();
    }

    @Test
    void readsADirectoryOfTheFileSystem() throws IOException {
        write("1.sql", "7.sql");

        assertThat(findings(
                        "file:" + directory + "/{version}.sql",
                        Engine.POSTGRESQL,
                        Path.of("nowhere").toUri().toURL(),
                        versions("1", "2")))
                .containsExactly(
                        "no backup of version 2", "no migration has the version of file:" + directory + "/7.sql");
    }

    @Test
    void readsADirectoryWhoseFilesComeToTheClassPathLater() throws IOException {
        write("backups/1.sql");

        BackupFindings findings = new BackupSeries(
                        "backups/{version}.sql", Engine.POSTGRESQL, getClass().getClassLoader(), Optional.of(directory))
                .findings(versions("1", "2"));

        assertThat(findings.withoutBackup()).isEqualTo(versions("2"));
        assertThat(findings.withoutMigration()).isEmpty();
    }

    @Test
    void takesWhatMySqlHasForMariaDbToo() throws IOException {
        write("mariadb/1.sql", "mysql/2.sql");

        assertThat(onClassPath("{engine}/{version}.sql", Engine.MARIADB, versions("1", "2", "3")))
                .containsExactly("no backup of version 3");
        assertThat(onClassPath("{engine}/{version}.sql", Engine.MYSQL, versions("1", "2", "3")))
                .containsExactly("no backup of version 1, 3");
    }

    @Test
    void findsFilesInAJarButCannotListThem() throws IOException {
        Path jar = directory.resolve("backups.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out)) {
            for (String entry : List.of("backups/", "backups/1.sql", "backups/7.sql")) {
                entries.putNextEntry(new JarEntry(entry));
                entries.closeEntry();
            }
        }

        assertThat(findings(
                        "backups/{version}.sql", Engine.POSTGRESQL, jar.toUri().toURL(), versions("1", "2")))
                .containsExactly(
                        "no backup of version 2",
                        "not listed, so that there may be more backups: jar:"
                                + jar.toUri().toURL() + "!/backups/");
    }

    @Test
    void saysNothingOfWhatOnlyAServerKnows() {
        BackupFindings findings = new BackupSeries(
                        "https://example.org/{version}.sql",
                        Engine.POSTGRESQL,
                        getClass().getClassLoader(),
                        Optional.empty())
                .findings(versions("1"));

        assertThat(findings.describe())
                .containsExactly("not listed, so that there may be more backups: https://example.org/{version}.sql");
    }

    private Map<Version, String> locations(String pattern, Engine engine) throws IOException {
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {directory.toUri().toURL()}, null)) {
            return new BackupSeries(pattern, engine, loader, Optional.empty()).locations(versions());
        }
    }

    @Test
    void tellsWhereTheBackupOfEachVersionLies() throws IOException {
        write("mariadb/1.sql", "mysql/1.sql", "mysql/1.10.sql", "mysql/README.md", "mysql/1.9.sql.txt");

        assertThat(locations("{engine}/{version}.sql", Engine.MARIADB))
                .containsExactly(
                        Map.entry(Version.of("1"), "mariadb/1.sql"), Map.entry(Version.of("1.10"), "mysql/1.10.sql"));
    }

    @ParameterizedTest
    @CsvSource({
        "all/{version}.sql.gz, all/1.2.sql, all/1.2.sql.gz",
        "all/{version}.sql, all/1.2.sql, all/1.2.sql.zst",
        "all/v{version}.dump.zst, all/v1.2.dump.gz, all/v1.2.dump.zst",
        "all/{version}.sql, all/1.2.0.sql, all/1.2.sql",
        "{version}/all.sql, 1.2, 1_2",
    })
    void doesNotChooseBetweenTwoOfOneVersion(String pattern, String one, String other) throws IOException {
        boolean isDirectory = pattern.endsWith("all.sql");
        write(isDirectory ? one + "/all.sql" : one, isDirectory ? other + "/all.sql" : other);

        assertThatThrownBy(() -> locations(pattern, Engine.POSTGRESQL))
                .isInstanceOf(SnapshotException.class)
                .hasMessageMatching("There are two backups of version 1.2(.0)? at \\Q" + pattern + "\\E: \\Q"
                        + directory.resolve(one) + " and " + directory.resolve(other) + "\\E. Keep one of them");
    }

    @Test
    void namesTheFirstOfMany() throws IOException {
        String[] many = IntStream.rangeClosed(1, 15).mapToObj(Integer::toString).toArray(String[]::new);

        assertThat(onClassPath("{version}.sql", Engine.POSTGRESQL, versions(many)))
                .containsExactly("no backup of version 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 3 more");
    }
}
