package io.github.metadatasnapshot.engine;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One object of a schema as its engine describes it.
 *
 * @param kind what it is, such as {@code table}, {@code column} or {@code trigger}
 * @param name its name; what belongs to a table is named {@code table.name}, and a schema stands before where it is not
 *     {@code public}
 * @param definition what makes it up, in a form that does not depend on how it came to be: by migrations or from a dump
 */
public record SchemaObject(String kind, String name, String definition) {

    private static final Pattern LAST_PART = Pattern.compile("(?:^|\\.)(\"(?:[^\"]|\"\")+\"|[^.\"]+)$");

    /** The kind of a table. */
    public static final String TABLE = "table";

    /** The kind of a column. */
    public static final String COLUMN = "column";

    /** The kind that says in which order the columns of a table stand. */
    public static final String COLUMN_ORDER = "column order";

    /** The kind of a constraint that is not an index. */
    public static final String CONSTRAINT = "constraint";

    /** The kind of a foreign key of MySQL or MariaDB, which may have the name of a constraint. */
    public static final String FOREIGN_KEY = "foreign key";

    /** The kind of an index. */
    public static final String INDEX = "index";

    /** The kind of a comment, named by the object that it is on, such as {@code column t.c}. */
    public static final String COMMENT = "comment";

    /** The kind of the privileges that somebody has on something, such as {@code table t to reader}; in no shape. */
    public static final String GRANT = "grant";

    /** The kind of a sequence. */
    public static final String SEQUENCE = "sequence";

    /**
     * Returns the name of the object that a table is.
     *
     * @param table the table
     * @return the name
     */
    public static String nameOf(TableName table) {
        return name(table.schema(), table.name());
    }

    /** {@return the last part of the name, which is the object's own} */
    public String ownName() {
        Matcher last = LAST_PART.matcher(name);
        String part = last.find() ? last.group(1) : name;
        return part.startsWith("\"") ? part.substring(1, part.length() - 1).replace("\"\"", "\"") : part;
    }

    /** {@return the name with another last part} */
    public String nameWith(String ownName) {
        Matcher last = LAST_PART.matcher(name);
        return last.find() ? name.substring(0, last.start(1)) + part(ownName) : name;
    }

    /** Joins the parts of a name, those that are empty left out. */
    static String name(String schema, String... parts) {
        String name = Arrays.stream(parts)
                .filter(part -> !part.isEmpty())
                .map(SchemaObject::part)
                .collect(Collectors.joining("."));
        return schema.isEmpty() || schema.equals("public") ? name : part(schema) + "." + name;
    }

    // Without quotes a table called "a.b" would be taken for the table b of the schema a.
    private static String part(String name) {
        return name.indexOf('.') < 0 && name.indexOf('"') < 0 ? name : '"' + name.replace("\"", "\"\"") + '"';
    }
}
