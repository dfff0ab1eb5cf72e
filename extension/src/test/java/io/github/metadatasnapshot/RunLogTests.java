package io.github.metadatasnapshot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.shape.DataRules;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Optional;
import org.junit.jupiter.api.Test;

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
                Library.execute(database, "DELETE FROM language WHERE code = 'fr'");
                upgrade.compareData(rules);
            }
        }

        assertThat(print(log).lines().filter(line -> line.contains("no longer needed")))
                .containsExactly("  no longer needed: except author (purged)");
    }
}
