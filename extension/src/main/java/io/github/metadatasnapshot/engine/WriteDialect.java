package io.github.metadatasnapshot.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** What a write probe has to know of an engine. */
interface WriteDialect {

    /** {@return the tables, a partitioned one as a whole} */
    Collection<ProbedTable> tables(Connection connection) throws SQLException;

    /** {@return the tables that are not written to, as their rows lie elsewhere, by their name for people, with the reason} */
    SortedMap<String, String> elsewhere(Connection connection) throws SQLException;

    /** {@return the query for the next value of each sequence, by its name for people} */
    SortedMap<String, String> sequences(Connection connection) throws SQLException;

    /** {@return the query for a row of each view, by its name for people} */
    SortedMap<String, String> views(Connection connection) throws SQLException;

    /** {@return an expression, over the table itself, for a value of a column that is greater than all, as text} */
    String greater(ProbedTable.Column column);

    /** {@return an expression for the value of a column as text, bytes in hexadecimal} */
    String text(ProbedTable.Column column);

    /** {@return an expression of a value as text} */
    String asText(String value);

    /** {@return an expression of a text, made a value of a column} */
    String cast(ProbedTable.Column column, String text);

    /** {@return the end of an INSERT of a row of defaults} */
    String defaults();

    /** {@return the literal of bytes in hexadecimal} */
    String bytes(String hexadecimal);

    /** {@return how a row is to be ordered so that the newest come first, the empty string where that is not known} */
    String newestFirst(ProbedTable table);

    /** Tells whether a value, or the combination of several, is there already. */
    boolean isTaken(SQLException refusal);

    /** {@return the index that a refusal as of {@link #isTaken} names, {@code null} where it names none} */
    @Nullable
    String index(SQLException refusal);

    /** Tells whether a sequence or an AUTO_INCREMENT counter has no value left. */
    boolean isAtEnd(SQLException refusal);

    /** Tells whether a rule about values of one row is broken: that of a CHECK, or of a trigger that raises an error. */
    boolean isCheck(SQLException refusal);

    /**
     * Tells whether another role than the session's lacks a right, as whom a view or a function runs. It says nothing: a
     * restore by an administrator leaves objects to the roles that the backup names, and what a migration creates then is
     * none of theirs, as it would be where they migrate themselves.
     */
    boolean isRightOfAnother(Connection connection, SQLException refusal) throws SQLException;
}
