package io.github.metadatasnapshot.restore;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.metadatasnapshot.engine.Engine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Damages a backup, the same way for the same seed. */
final class BackupMutator {

    private static final int MOST_FLIPS = 8;

    private static final List<String> HOSTILE_ON_POSTGRESQL = List.of(
            "ALTER SYSTEM SET work_mem = '7MB';",
            "ALTER DATABASE postgres SET work_mem = '7MB';",
            "ALTER ROLE postgres SET work_mem = '7MB';",
            "CREATE DATABASE fuzz_leak;",
            "CREATE ROLE fuzz_leak;",
            "CREATE USER fuzz_leak;",
            "CREATE GROUP fuzz_leak;",
            "create /* a */ role -- b\n fuzz_leak;",
            "DROP ROLE fuzz_bystander;",
            "DROP DATABASE fuzz_bystander;",
            "ALTER USER fuzz_bystander RENAME TO fuzz_leak;",
            "GRANT pg_monitor TO fuzz_bystander;",
            "COMMENT ON DATABASE postgres IS 'leak';",
            "CREATE TABLESPACE fuzz_leak LOCATION '/tmp';",
            "\\connect postgres",
            "\\c postgres",
            "\\! touch /tmp/fuzz_leak",
            "SELECT 1 \\c postgres",
            "\\o /tmp/fuzz_leak",
            "COPY pg_roles TO '/tmp/fuzz_leak';",
            "COPY (SELECT 1) TO PROGRAM 'touch /tmp/fuzz_leak';",
            "BEGIN;",
            "COMMIT;",
            "ROLLBACK;",
            "SET ROLE fuzz_bystander;",
            "SET SESSION AUTHORIZATION fuzz_bystander;",
            "SET search_path = pg_temp;",
            "\\.",
            "$$",
            "/*",
            "'",
            "(");

    private static final List<String> HOSTILE_ON_MYSQL = List.of(
            "SET GLOBAL max_connect_errors = 77;",
            "SET @a = 1, GLOBAL max_connect_errors = 77;",
            "SET @@GLOBAL.max_connect_errors = 77;",
            "/*!50000 SET GLOBAL max_connect_errors = 77 */;",
            "SET PERSIST max_connect_errors = 77;",
            "CREATE USER fuzz_leak;",
            "CREATE ROLE fuzz_leak;",
            "CREATE/**/USER/**/fuzz_leak;",
            "DROP USER fuzz_bystander;",
            "ALTER USER fuzz_bystander ACCOUNT UNLOCK;",
            "RENAME USER fuzz_bystander TO fuzz_leak;",
            "SET PASSWORD FOR fuzz_bystander = 'leak';",
            "GRANT ALL ON *.* TO fuzz_bystander;",
            "CREATE DATABASE fuzz_leak;",
            "CREATE SCHEMA fuzz_leak;",
            "/*!50000 CREATE DATABASE fuzz_leak */;",
            "DROP DATABASE %s;",
            "USE %s;",
            "use %s\n",
            "\\u %s\n",
            "INSERT INTO %s.bystander VALUES (77);",
            "UPDATE %s.bystander SET id = 77;",
            "DELETE FROM %s.bystander;",
            "DELETE b FROM %s.bystander b;",
            "TRUNCATE %s.bystander;",
            "DROP TABLE a, %s.bystander;",
            "ALTER TABLE %s.bystander ADD leak INT;",
            "CREATE INDEX leak ON %s.bystander (id);",
            "CREATE TABLE %s.leak (id INT);",
            "CREATE VIEW %s.leak AS SELECT 1;",
            "CREATE TRIGGER %s.leak BEFORE INSERT ON %s.bystander FOR EACH ROW SET NEW.id = 1;",
            "CREATE PROCEDURE %s.leak() SELECT 1;",
            "CREATE FUNCTION %s.leak() RETURNS INT NO SQL RETURN 1;",
            "CREATE EVENT %s.leak ON SCHEDULE EVERY 1 DAY DO DO 0;",
            "RENAME TABLE %s.bystander TO %s.leak;",
            "FLUSH PRIVILEGES;",
            "PURGE BINARY LOGS BEFORE NOW();",
            "SELECT 1 INTO OUTFILE '/tmp/fuzz_leak';",
            "SYSTEM touch /tmp/fuzz_leak\n",
            "\\! touch /tmp/fuzz_leak\n",
            "SOURCE /etc/hostname\n",
            "CREATE SERVER fuzz_leak FOREIGN DATA WRAPPER mysql OPTIONS (HOST 'h');",
            "CHANGE MASTER TO MASTER_LOG_POS = 4;",
            "SHUTDOWN;",
            "DELIMITER //\n",
            "DELIMITER",
            "LOCK TABLES flyway_schema_history READ;",
            "START TRANSACTION;",
            "ROLLBACK;",
            "/*",
            "'",
            "`");

    private final Random random;
    private final List<String> hostile;
    private final String bystander;
    private final List<String> steps = new ArrayList<>();

    BackupMutator(long seed, Engine engine, String bystander) {
        // The first numbers of neighbouring seeds are alike.
        this.random = new Random(seed * 0x9e3779b97f4a7c15L);
        this.hostile = engine == Engine.POSTGRESQL ? HOSTILE_ON_POSTGRESQL : HOSTILE_ON_MYSQL;
        this.bystander = bystander;
    }

    /** {@return a number from 0 to one less than the bound} */
    int choose(int bound) {
        return random.nextInt(bound);
    }

    /** {@return what was done, for messages} */
    List<String> steps() {
        return steps;
    }

    /** Damages the bytes of a file, of which nothing is known. */
    byte[] damageBytes(byte[] bytes, byte[] other) {
        return switch (choose(4)) {
            case 0 -> cut(bytes);
            case 1 -> splice(bytes, other);
            case 2 -> cutOut(bytes);
            default -> flip(bytes);
        };
    }

    /** Damages a script. */
    byte[] damageScript(byte[] script, byte[] other) {
        byte[] damaged = script;
        for (int i = 0; i <= choose(2); i++) {
            damaged = switch (choose(10)) {
                case 0 -> cut(damaged);
                case 1 -> splice(damaged, other);
                case 2 -> cutOut(damaged);
                case 3, 4 -> lines(damaged);
                case 5, 6 -> insert(damaged);
                default -> flip(damaged);
            };
        }
        return damaged;
    }

    private byte[] flip(byte[] bytes) {
        byte[] flipped = bytes.clone();
        for (int i = 0; i <= choose(MOST_FLIPS) && flipped.length > 0; i++) {
            int at = choose(flipped.length);
            flipped[at] ^= (byte) (1 + choose(255));
            steps.add("flip the byte " + at);
        }
        return flipped;
    }

    private byte[] cut(byte[] bytes) {
        int at = choose(bytes.length + 1);
        steps.add("cut at " + at);
        return Arrays.copyOf(bytes, at);
    }

    private byte[] cutOut(byte[] bytes) {
        int from = choose(bytes.length + 1);
        int to = from + choose(bytes.length + 1 - from);
        steps.add("cut " + from + " to " + to + " out");
        return join(Arrays.copyOf(bytes, from), Arrays.copyOfRange(bytes, to, bytes.length));
    }

    private byte[] splice(byte[] bytes, byte[] other) {
        int at = choose(bytes.length + 1);
        int from = choose(other.length + 1);
        steps.add("cut at " + at + " and go on with the other from " + from);
        return join(Arrays.copyOf(bytes, at), Arrays.copyOfRange(other, from, other.length));
    }

    private byte[] lines(byte[] bytes) {
        List<String> lines = new ArrayList<>(List.of(new String(bytes, ISO_8859_1).split("(?<=\n)")));
        int line = choose(lines.size());
        switch (choose(3)) {
            case 0 -> {
                lines.remove(line);
                steps.add("leave line " + (line + 1) + " out");
            }
            case 1 -> {
                lines.add(line, lines.get(line));
                steps.add("repeat line " + (line + 1));
            }
            default -> {
                int to = choose(lines.size());
                lines.add(to, lines.remove(line));
                steps.add("move line " + (line + 1) + " to " + (to + 1));
            }
        }
        return String.join("", lines).getBytes(ISO_8859_1);
    }

    private byte[] insert(byte[] bytes) {
        List<String> lines = new ArrayList<>(List.of(new String(bytes, ISO_8859_1).split("(?<=\n)")));
        int line = choose(lines.size());
        String statement = hostile.get(choose(hostile.size())).replace("%s", bystander);
        lines.add(line, statement + "\n");
        steps.add("put before line " + (line + 1) + ": " + statement);
        return String.join("", lines).getBytes(ISO_8859_1);
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }
}
