package io.github.metadatasnapshot.shape;

import io.github.metadatasnapshot.engine.SchemaObject;
import io.github.metadatasnapshot.engine.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What an upgrade may do to the data: tables and columns that may lose some, and those that go by another name afterwards.
 * Tables are named as in the database, {@code table} or {@code schema.table} where the schema is not {@code public}, and
 * columns {@code table.column}; a part of a name that has a dot in it stands in double quotes. MySQL and MariaDB take no
 * account of the case of columns' names, nor do the rules then.
 *
 * <p>A rule holds for each upgrade that it can be about: one of a version holds for those through that version, and one for a
 * table says nothing of an upgrade that begins without the table. Renames follow each other: with {@code a} renamed to
 * {@code b} and that to {@code c}, the rows of {@code a} are in {@code c} where both happen on the way.
 *
 * @param all the rules, in the order of their declaration
 */
public record DataRules(List<DataRule> all) {

    /** Nothing may be lost, and all keeps its name. */
    public static final DataRules NONE = new DataRules(List.of());

    /** Copies the list. */
    public DataRules {
        all = List.copyOf(all);
    }

    /**
     * Adds an exception for every upgrade.
     *
     * @param name a table or column that may lose data
     * @param reason why
     * @return these rules and the exception
     * @throws IllegalArgumentException if the reason is blank
     */
    public DataRules except(String name, String reason) {
        return except(name, reason, Optional.empty());
    }

    /**
     * Adds an exception.
     *
     * @param name a table or column that may lose data
     * @param reason why
     * @param version the version of the migration by which it loses data; empty for every upgrade
     * @return these rules and the exception
     * @throws IllegalArgumentException if the reason is blank
     */
    public DataRules except(String name, String reason, Optional<Version> version) {
        if (reason.isBlank()) {
            throw new IllegalArgumentException(
                    "except(\"" + name + "\", \"" + reason + "\") gives no reason: say why the data may be lost");
        }
        return with(new DataRule(name, "", reason, version));
    }

    /**
     * Adds a rename.
     *
     * @param from a table or column before
     * @param to the table or column that holds its data after
     * @param version the version of the migration that renames; empty for every upgrade
     * @return these rules and the rename
     */
    public DataRules renamed(String from, String to, Optional<Version> version) {
        return with(new DataRule(from, to, "", version));
    }

    /**
     * Adds a rename for every upgrade.
     *
     * @param from a table or column before
     * @param to the table or column that holds its data after
     * @param before the shape before
     * @param after the shape after
     * @return these rules and the rename
     * @throws IllegalArgumentException if one is a table and the other a column
     */
    public DataRules renamed(String from, String to, Shape before, Shape after) {
        Optional<String> kindBefore = kind(from, before);
        Optional<String> kindAfter = kind(to, after);
        if (kindBefore.isPresent() && kindAfter.isPresent() && !kindBefore.equals(kindAfter)) {
            throw new IllegalArgumentException("renamed(\"" + from + "\", \"" + to + "\") names a " + kindBefore.get()
                    + " and a " + kindAfter.get() + ": name two tables, or two columns");
        }
        return renamed(from, to, Optional.empty());
    }

    /** {@return the rules that hold for an upgrade} */
    DataRules on(Optional<Version> from, Optional<Version> to) {
        return new DataRules(
                all.stream().filter(rule -> rule.holdsFor(from, to)).toList());
    }

    private DataRules with(DataRule rule) {
        List<DataRule> more = new ArrayList<>(all);
        more.add(rule);
        return new DataRules(more);
    }

    private static Optional<String> kind(String name, Shape shape) {
        return Stream.of(SchemaObject.TABLE, SchemaObject.COLUMN)
                .filter(kind -> shape.definition(kind, name).isPresent())
                .findFirst();
    }
}
