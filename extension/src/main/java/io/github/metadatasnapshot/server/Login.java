package io.github.metadatasnapshot.server;

import io.github.metadatasnapshot.engine.Engine;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Base64;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/** How to log in to a server. */
record Login(String url, String user, String password) {

    private static final String CANNOT_CONNECT_NOW = "57P03";
    private static final int LONGEST_RECOVERY_SECONDS = 60;

    private static final SecureRandom RANDOM = new SecureRandom();

    /** Opens a connection, and waits for a server that recovers from a crash, as PostgreSQL does when one of its processes died. */
    Connection open() throws SQLException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_RECOVERY_SECONDS);
        while (true) {
            try {
                return DriverManager.getConnection(url, user, password);
            } catch (SQLException e) {
                if (!CANNOT_CONNECT_NOW.equals(e.getSQLState()) || System.nanoTime() > end) {
                    throw e;
                }
                pause(e);
            }
        }
    }

    private static void pause(SQLException refusal) throws SQLException {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw refusal;
        }
    }

    /** Opens a connection that gives up where the server does not answer: not the login, nor any statement after it. */
    Connection openWithin(Engine engine, int seconds) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.putAll(engine.answerWithin(seconds));
        return DriverManager.getConnection(url, properties);
    }

    static String randomPassword() {
        byte[] bytes = new byte[24];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Leaves passwords out, those in the URL too. */
    @Override
    public String toString() {
        return withoutPasswords(url) + (user.isEmpty() ? "" : " as " + user);
    }

    static String withoutPasswords(String url) {
        return url.replaceAll("(?i)(password\\d?|keyStorePassword|trustStorePassword)=[^&;)]*", "$1=***")
                .replaceFirst("//([^/?:@]*):[^/?]*@", "//$1:***@");
    }
}
