package io.github.metadatasnapshot.shape;

import static java.util.stream.Collectors.joining;

import io.github.metadatasnapshot.engine.SchemaObject;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Tables and other objects that are in the database and are not the product's to prove, such as those of a scheduler that
 * has migrations of its own.
 *
 * @param globs their names as in the database, {@code name} or {@code schema.name} where the schema is not {@code public}, in
 *     which {@code *} stands for any characters but a dot; {@code schema.*} means all that is in a schema, and the schema
 */
public record IgnoredObjects(Set<String> globs) {

    /** Nothing is ignored. */
    public static final IgnoredObjects NONE = new IgnoredObjects(Set.of());

    /** Copies the set. */
    public IgnoredObjects {
        globs = Set.copyOf(globs);
    }

    /** {@return these and more} */
    public IgnoredObjects and(String glob) {
        Set<String> more = new TreeSet<>(globs);
        more.add(glob);
        return new IgnoredObjects(more);
    }

    /** Tells whether a table is ignored. */
    public boolean ignores(String name) {
        return globs.stream().anyMatch(glob -> matches(glob, name));
    }

    /** Tells whether an object is ignored by its own name, whatever it belongs to. */
    boolean ignores(String kind, String name) {
        if (kind.equals("schema")) {
            return globs.contains(name + ".*");
        }
        if (kind.equals(SchemaObject.COMMENT)) {
            int space = name.indexOf(' ');
            return space > 0 && ignores(name.substring(0, space), name.substring(space + 1));
        }
        boolean isPart = Shape.isOfTable(kind) && !kind.equals(SchemaObject.TABLE);
        return !isPart && ignores(name.replaceFirst("\\(.*| (PROCEDURE|FUNCTION)$", ""));
    }

    private static boolean matches(String glob, String name) {
        String regex = Arrays.stream(glob.split("\\*", -1)).map(Pattern::quote).collect(joining("[^.]*"));
        return name.matches(regex);
    }
}
