package io.github.metadatasnapshot.server;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.engine.Engine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class LoginTests {

    /** As the port of a container does, while nothing listens behind it. */
    @ParameterizedTest
    @FieldSource("io.github.metadatasnapshot.engine.Engine#ALL")
    @Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = ThreadMode.SEPARATE_THREAD)
    void givesUpWhereSomethingListensButDoesNotAnswer(Engine engine) throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Login login = new Login(engine.jdbcUrl("127.0.0.1", silent.getLocalPort(), "database"), "user", "password");

            assertThatThrownBy(() -> login.openWithin(engine, 1)).isInstanceOf(SQLException.class);
        }
    }
}
