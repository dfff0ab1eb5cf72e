package io.github.metadatasnapshot.restore;

import io.github.metadatasnapshot.testsupport.Images;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;

@TakesTurns(turn = 1, of = 3)
class BigMySqlBackupTests extends BigBackups {

    @RequiresDocker
    @ParameterizedTest
    @Images({"mysql:9.7", "mariadb:11.8"})
    void byTheClient(String image) throws IOException {
        loads(TestServers.container(image));
    }
}
