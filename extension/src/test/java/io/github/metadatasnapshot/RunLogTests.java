package io.github.metadatasnapshot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.shape.DataRules;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.Scripts;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLogTests {

    private static String print(RunLog log) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        log.print(new PrintStream(out, true, UTF_8));
        return out.toString(UTF_8);
    }

    @Test
    void exceptionsThatNoUpgradeNeededAreNamed() {
        RunLog log = new RunLog();
        DataRules rules = DataRules.NONE.except("author", "purged").except("language", "purged as well");
        try (TestDatabase database = Library.create(TestServers.embedded(), "1")) {
            for (String version : new String[] {"2", "3"}) {
                Upgrade upgrade = Upgrade.run(database, Library.migrator(database.engine()), Optional.of(version));
                log.add(upgrade);
                Library.execute(database, "DELETE FROM language WHERE code = (SELECT min(code) FROM language)");
                upgrade.compareData(rules);
            }
        }

        assertThat(print(log).lines().filter(line -> line.contains("no longer needed")))
                .containsExactly("  no longer needed: except author (purged)");
    }

    @Test
    void whatWasIgnoredAndIsNotThereIsNamed() {
        RunLog log = new RunLog();
        try (TestDatabase database = Library.create(TestServers.embedded(), "1")) {
            for (String version : new String[] {"2", "3"}) {
                Upgrade upgrade = Upgrade.run(database, Library.migrator(database.engine()), Optional.of(version));
                log.add(upgrade);
                upgrade.noteIgnored("auth*", "theirs");
                upgrade.noteIgnored("qrtz_*", "Quartz");
            }
        }

        assertThat(print(log).lines().filter(line -> line.contains("no longer needed")))
                .containsExactly("  no longer needed: ignoring qrtz_* (Quartz)");
    }

    @Test
    void anUpgradeThatFailedIsToldWithItsPlaceAndWhereTheDatabaseIs(@TempDir Path directory) {
        RunLog log = new RunLog();
        Scripts scripts = new Scripts(directory)
                .with("V1__people.sql", "CREATE TABLE person (id INT PRIMARY KEY);")
                .with("V2__half.sql", "SELECT * FROM nowhere;");
        try (TestDatabase database = TestServers.embedded().createDatabase()) {
            log.add(Upgrade.run(database, scripts.migrator(database.engine()), Optional.of("2")));
        }

        assertThat(print(log)).contains("FAILED in V2__half.sql, line 1, the database is at 1\n");
    }
}
