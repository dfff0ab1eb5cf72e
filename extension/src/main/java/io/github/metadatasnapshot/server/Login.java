package io.github.metadatasnapshot.server;

import io.github.metadatasnapshot.engine.Engine;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Base64;
import java.util.Properties;

/** How to log in to a server. */
record Login(String url, String user, String password) {

    private static final SecureRandom RANDOM = new SecureRandom();

    Connection open() throws SQLException {
        return DriverManager.getConnection(url, user, password);
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
