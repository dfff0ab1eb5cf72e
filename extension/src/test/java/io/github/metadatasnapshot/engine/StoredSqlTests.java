package io.github.metadatasnapshot.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoredSqlTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "a  /* b */ c # d | a c",
                "SELECT '-- x', \"/* y */\", `# z`, 'it''s -- ', 'a\\' -- b' | SELECT '-- x', \"/* y */\", `# z`, 'it''s -- ', 'a\\' -- b'",
                "1--1 | 1--1",
                "/*!50003 SET */ /*+ HINT */ /*M! x */ y | /*!50003 SET */ /*+ HINT */ /*M! x */ y",
                "'a  b' | 'a  b'",
                "/* unfinished | ~~",
                "-- | ~~"
            })
    void leavesOutComments(String sql, String expected) {
        assertThat(StoredSql.withoutComments(sql)).isEqualTo(expected);
    }

    @Test
    void aCommentEndsWithItsLine() {
        assertThat(StoredSql.withoutComments("BEGIN -- it's\n  # two\r\n\n\tEND\n"))
                .isEqualTo("BEGIN END");
        assertThat(StoredSql.withoutComments(null)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "select `db`.`t`.`c` from `db`.`t` | select `t`.`c` from `t`",
                "select '`db`.`t`' AS `db` | select '`db`.`t`' AS `db`",
                "select `x`.`db`.`c` | select `x`.`db`.`c`",
                "select `db`.`f`('it\\'s') | select `f`('it\\'s')"
            })
    void leavesOutTheNameOfTheDatabase(String sql, String expected) {
        assertThat(StoredSql.withoutQualifier(sql, "`db`.")).isEqualTo(expected);
    }
}
