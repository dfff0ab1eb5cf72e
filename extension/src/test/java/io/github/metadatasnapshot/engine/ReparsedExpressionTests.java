package io.github.metadatasnapshot.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

class ReparsedExpressionTests {

    /** Checks that all mean different things. */
    private static final List<String> CHECKS = List.of(
            "v IN ('a', 'b')",
            "v IN ('a', 'b', 'c')",
            "v IN ('a,', 'b')",
            "v IN ('a'']', '(ARRAY[x])::text[]', E'\\\\''')",
            "v NOT IN ('a', 'b')",
            "v IN (w, x, upper(w))",
            "v IN (w, x, lower(w), 'a', 'b')",
            "v NOT IN (w, x, upper(w))",
            "(v = 'a' OR v = w) OR v = x",
            "v = 'a' OR (v = w OR v = x)",
            "v = 'a' OR v = w AND v = x",
            "(v = 'a' OR v = w) AND v = x",
            "((v IN (w, x) OR v = 'a') AND w = 'b') AND x = 'c'",
            "v = w",
            "t IN ('a', 'b')",
            "t = v",
            "c IN ('a', 'b')",
            "c = 'a'",
            "c::text = 'a'",
            "v::varchar(2) IN ('a', 'b')",
            "v::varchar(3) IN ('a', 'b')",
            "v::char(3) IN ('a', 'b')",
            "v COLLATE \"C\" IN ('a', 'b')",
            "v = ANY ('{a,b}')",
            "v = ALL (ARRAY['a', 'b'])",
            "v = ANY (ARRAY['a', 'b'] || ARRAY[w])",
            "v = ANY (ARRAY[w, x]::text[] || '{c}'::text[])",
            "ARRAY[[v, w], [x, 'd']]::text[] = ARRAY[['a', 'b'], ['c', 'd']]",
            "ARRAY[v, w]::varchar(2)[] <> ARRAY[x, 'a']::varchar(3)[]",
            "(v, w) IN (('a', 'b'), ('c', 'd'), ('e', 'f'))",
            "(v, w) NOT IN (('a', 'b'), ('c', 'd'), ('e', 'f'))",
            "n IN (1, 2)",
            "n IN (1, 2.5)",
            "n IN (1, 3000000000)",
            "n = ANY (ARRAY[1, 2]::bigint[])",
            "n BETWEEN 1 AND 5 AND n NOT BETWEEN 3 AND 4",
            "n BETWEEN SYMMETRIC 5 AND 1",
            "n > -1",
            "n > - (-1)",
            "i IN ('10.0.0.0/8', '10.1.0.0/16')",
            "r IN ('10.0.0.0/8', '10.1.0.0/16')",
            "b IN (B'1', B'0')",
            "d IN ('2020-01-01', '2020-01-02')",
            "s IN ('2020-01-01 10:00', 'infinity')",
            "CASE v WHEN 'a' THEN w IN ('a', 'b') WHEN 'b' THEN NOT (w IN ('a', 'b')) ELSE x IS NULL END",
            "coalesce(v IN ('a', 'b'), v LIKE ANY (ARRAY['a%', '%b']), true)",
            "v SIMILAR TO '(a|b)' OR v ~* '[ab]$' OR v ILIKE 'x\\_%'",
            "v IS DISTINCT FROM w AND (v IS NULL) = (w IS NULL)",
            "extract(year FROM d) IN (2020, 2021) OR d AT TIME ZONE 'utc' > now()",
            "substring(v FROM 1 FOR 2) IN ('a', 'b') AND position('a' IN v) > 0 AND trim(BOTH 'x' FROM v) <> ''",
            "m IN ('sad', 'ok')",
            "e IN ('a', 'b')",
            "\"Odd (ARRAY[\" IN ('a', 'b')");

    /** The text that a restored constraint has is what is made of the text before, on the real parser. */
    @Test
    void readsAsAfterARestore() throws Exception {
        SoftAssertions softly = new SoftAssertions();
        try (TestDatabase database = TestServers.embedded().createDatabase();
                Connection connection = database.open();
                var statement = connection.createStatement()) {
            statement.execute("CREATE TYPE mood AS ENUM ('sad', 'ok')");
            statement.execute("CREATE DOMAIN letter AS varchar(5)");
            statement.execute(
                    "CREATE TABLE t (v varchar(10), w varchar(10), x varchar(10), t text, c char(5), n integer,"
                            + " i inet, r cidr, b varbit, d date, s timestamptz, m mood, e letter, \"Odd (ARRAY[\" varchar)");
            List<String> first = new ArrayList<>();
            for (String check : CHECKS) {
                statement.execute("ALTER TABLE t ADD CONSTRAINT k CHECK (" + check + ")");
                String before = text(connection);
                statement.execute("ALTER TABLE t DROP CONSTRAINT k");
                statement.execute("ALTER TABLE t ADD CONSTRAINT k " + before);
                String restored = text(connection);
                statement.execute("ALTER TABLE t DROP CONSTRAINT k");

                softly.assertThat(ReparsedExpression.of(before)).as(check).isEqualTo(restored);
                softly.assertThat(ReparsedExpression.of(restored)).as(check).isEqualTo(restored);
                first.add(ReparsedExpression.of(before));
            }
            Set<String> different = new LinkedHashSet<>(first);
            softly.assertThat(different).hasSameSizeAs(CHECKS);
        }
        softly.assertAll();
    }

    @Test
    void viewsReadAsAfterARestoreToo() throws Exception {
        try (TestDatabase database = TestServers.embedded().createDatabase();
                Connection connection = database.open();
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t (v varchar(10), w varchar(10), n integer)");
            statement.execute(
                    "CREATE VIEW o AS SELECT v, v IN (w, upper(w), 'a', 'b') AS k, sum(n) FILTER (WHERE w IN ('a', 'b'))"
                            + " OVER (PARTITION BY v ORDER BY n ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS s FROM t"
                            + " WHERE (EXISTS (SELECT 1 FROM t u WHERE u.v IN ('x', 'y', t.w, u.w)) AND n > 0) AND v NOT IN (w, 'q', 'r')"
                            + " GROUP BY v, w, n HAVING v IN ('a', 'b')");
            String before = Engine.queryForStrings(connection, "SELECT pg_get_viewdef('o'::regclass)")
                    .get(0);
            statement.execute("CREATE VIEW o2 AS " + before);

            assertThat(ReparsedExpression.of(before))
                    .isNotEqualTo(before)
                    .isEqualTo(Engine.queryForStrings(connection, "SELECT pg_get_viewdef('o2'::regclass)")
                            .get(0));
        }
    }

    @Test
    void leavesAloneWhatItDoesNotKnow() {
        for (String text : List.of(
                "",
                "(",
                ")",
                "'(ARRAY[1])::text[]",
                "(ARRAY[1)::text[]",
                "f((ARRAY[a])::text)",
                "(ARRAY[a])::text = b[1]",
                "(ARRAY[a])::text OR ARRAY[]::text[] = b",
                "\"(ARRAY[a])::text[]\"")) {
            assertThat(ReparsedExpression.of(text)).isEqualTo(text);
        }
    }

    private static String text(Connection connection) throws java.sql.SQLException {
        return Engine.queryForStrings(
                        connection, "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'k'")
                .get(0);
    }
}
