package io.github.metadatasnapshot.restore;

import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.io.IOException;
import org.junit.jupiter.api.Test;

@TakesTurns(turn = 0, of = 3)
class BigPostgreSqlBackupTests extends BigBackups {

    @Test
    void overJdbc() throws IOException {
        loads(TestServers.embedded());
    }

    @RequiresDocker
    @Test
    void byTheClient() throws IOException {
        loads(TestServers.container("postgres:17"));
    }
}
