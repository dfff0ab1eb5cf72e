package io.github.metadatasnapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.report.CompatibilityReport;
import io.github.metadatasnapshot.report.ReportFiles;
import io.github.metadatasnapshot.restore.Restore;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestKit;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A Maven build of two modules, one of whose test classes run in two processes at once. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "runs the wrapper's shell script")
@TakesTurns(of = 2)
class ForkedBuildTests {

    @TempDir
    private Path temporary;

    @Test
    void endsWithOneReportInWhichNothingIsMissingOrTwice() throws Exception {
        Path product = temporary.toRealPath();
        writeProject(product);
        Path summary = product.resolve("summary.md");

        String output = runMaven(product, summary);

        CompatibilityReport report = ReportFiles.read(product.resolve("target/metadata-snapshot"));
        assertThat(report.cells())
                .describedAs(output)
                .extracting(result -> result.cell() + " " + result.result())
                .containsExactly(
                        "postgres:17 · 1 · restore PASSED",
                        "postgres:17 · 2 · restore PASSED",
                        "postgres:17 · 2.1 · restore FAILED",
                        "postgres:17 · 3 · restore PASSED",
                        "postgres:17 · 1 → 2 · upgrade PASSED",
                        "postgres:17 · 1 → 3 · upgrade PASSED",
                        "postgres:17 · 2 → 2.1 · upgrade PASSED",
                        "postgres:17 · 2 → 3 · upgrade PASSED",
                        "postgres:17 · 2.1 → 3 · upgrade PASSED",
                        "postgres:17 · 1 → 2 · cross version restore PASSED",
                        "postgres:17 · 1 → 2.1 · cross version restore PASSED",
                        "postgres:17 · 1 → 3 · cross version restore PASSED",
                        "postgres:17 · 2 → 1 · cross version restore PASSED",
                        "postgres:17 · 2 → 2.1 · cross version restore PASSED",
                        "postgres:17 · 2 → 3 · cross version restore PASSED",
                        "postgres:17 · 2.1 → 1 · cross version restore PASSED",
                        "postgres:17 · 2.1 → 2 · cross version restore PASSED",
                        "postgres:17 · 2.1 → 3 · cross version restore PASSED",
                        "postgres:17 · 3 → 1 · cross version restore PASSED",
                        "postgres:17 · 3 → 2 · cross version restore PASSED",
                        "postgres:17 · 3 → 2.1 · cross version restore PASSED");
        assertThat(report.findings()).isEmpty();
        assertThat(files(product, file -> file.getParent().getParent().endsWith("parts")))
                .describedAs("what each process had to tell")
                .hasSize(3);
        assertThat(summary).content().containsOnlyOnce("## Compatibility: ").contains("1 of 21 checks failed");
        // Where Surefire has JUnit put files.
        assertThat(files(product.resolve("one/target"), file -> file.endsWith("metadata-snapshot/cell.txt")))
                .singleElement()
                .asString()
                .contains("/target/junit-jupiter/", "RestoresTestCases");
    }

    private static List<Path> files(Path directory, Predicate<Path> which) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).filter(which).toList();
        }
    }

    private static void writeProject(Path product) throws IOException {
        Files.createDirectories(product.resolve(".mvn"));
        Path root = Path.of("..").toRealPath();
        Files.writeString(product.resolve("pom.xml"), """
                <project>
                    <modelVersion>4.0.0</modelVersion>
                    <parent>
                        <groupId>io.github.metadatasnapshot</groupId>
                        <artifactId>metadata-snapshot-parent</artifactId>
                        <version>0.1.0-SNAPSHOT</version>
                        <relativePath>%s</relativePath>
                    </parent>
                    <artifactId>product</artifactId>
                    <packaging>pom</packaging>
                    <modules>
                        <module>one</module>
                        <module>two</module>
                    </modules>
                    <properties>
                        <skipTests>true</skipTests>
                        <test.classes>none</test.classes>
                    </properties>
                    <dependencies>
                        <dependency>
                            <groupId>org.junit.jupiter</groupId>
                            <artifactId>junit-jupiter</artifactId>
                            <version>${junit.version}</version>
                        </dependency>
                    </dependencies>
                    <build>
                        <plugins>
                            <plugin>
                                <groupId>org.apache.maven.plugins</groupId>
                                <artifactId>maven-surefire-plugin</artifactId>
                                <configuration>
                                    <forkCount>2</forkCount>
                                    <test>${test.classes}</test>
                                    <testClassesDirectory>%s</testClassesDirectory>
                                    <systemPropertyVariables>
                                        <metadatasnapshot.report.directory>${maven.multiModuleProjectDirectory}/target/metadata-snapshot</metadatasnapshot.report.directory>
                                    </systemPropertyVariables>
                                </configuration>
                            </plugin>
                        </plugins>
                    </build>
                </project>
                """.formatted(
                        product.relativize(root), Path.of("target/test-classes").toAbsolutePath()));
        writeModule(product, "one", "ForkedBuildTests$RestoresTestCases,ForkedBuildTests$UpgradesTestCases");
        writeModule(product, "two", "ForkedBuildTests$CrossVersionTestCases");
    }

    private static void writeModule(Path product, String name, String testClasses) throws IOException {
        Path module = Files.createDirectories(product.resolve(name));
        Files.writeString(module.resolve("pom.xml"), """
                <project>
                    <modelVersion>4.0.0</modelVersion>
                    <parent>
                        <groupId>io.github.metadatasnapshot</groupId>
                        <artifactId>product</artifactId>
                        <version>0.1.0-SNAPSHOT</version>
                    </parent>
                    <artifactId>%s</artifactId>
                    <properties>
                        <skipTests>false</skipTests>
                        <test.classes>%s</test.classes>
                    </properties>
                </project>
                """.formatted(name, testClasses));
    }

    private static String runMaven(Path product, Path summary) throws Exception {
        Path output = product.resolve("output.txt");
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        ProcessBuilder maven = new ProcessBuilder(
                        Path.of("..", "mvnw").toRealPath().toString(),
                        "--batch-mode",
                        "--file",
                        product.toString(),
                        "surefire:test",
                        "-Dmaven.test.failure.ignore=true",
                        "-Dmaven.test.additionalClasspath=" + classPath.replace(File.pathSeparatorChar, ','))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        if (System.getProperty("localRepository") != null) {
            maven.command().add("-Dmaven.repo.local=" + System.getProperty("localRepository"));
        }
        TestKit.external()
                .forEach((key, value) -> maven.environment()
                        .put(key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_'), value));
        maven.environment().put("JAVA_HOME", System.getProperty("java.home"));
        maven.environment().put(ReportFiles.STEP_SUMMARY, summary.toString());
        Process build = maven.start();
        if (!build.waitFor(3, TimeUnit.MINUTES)) {
            build.descendants().forEach(ProcessHandle::destroy);
            build.destroy();
        }
        return Files.readString(output);
    }

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backups = "dumps/{engine}/{version}-full.sql")
    static class RestoresTestCases {
        @RestoreTest
        void restores(Restore restore) {
            assertThat(restore.backupVersion()).isNotEqualTo("2.1");
        }
    }

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backups = "dumps/{engine}/{version}-full.sql")
    static class UpgradesTestCases {
        @UpgradePathTest
        void isNotLookedAt() {}
    }

    @MetadataSnapshot(
            database = "postgres:17",
            locations = "migrations/library/{engine}",
            backups = "dumps/{engine}/{version}-full.sql")
    static class CrossVersionTestCases {
        @CrossVersionRestoreTest
        void isNotLookedAt() {}
    }
}
