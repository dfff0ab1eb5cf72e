package io.github.metadatasnapshot.migration;

import io.github.metadatasnapshot.engine.SchemaObject;
import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.shape.Shape;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the migration that last named an object: most likely the one that made it what it is. */
final class LastMention {

    /** Repeatable migrations run last; baseline migrations sum up what others did. */
    private static final Comparator<MigrationScript> LAST_FIRST = Comparator.comparing(MigrationScript::baseline)
            .thenComparing(script -> script.version().isPresent())
            .thenComparing(script -> script.version().orElse(Version.of("0")), Comparator.reverseOrder())
            .thenComparing(MigrationScript::name, Comparator.reverseOrder());

    private LastMention() {}

    /**
     * Searches migrations for an object.
     *
     * @param scripts the migrations
     * @param to the version of the database: what comes after it is left out
     * @param kind what the object is
     * @param name its name; what belongs to a table is looked for in statements that name the table too
     * @return the file and line; of its table where the object's own name stands nowhere; empty where neither does
     */
    static Optional<String> of(List<MigrationScript> scripts, Version to, String kind, String name) {
        List<MigrationScript> ordered = scripts.stream()
                .filter(script -> script.version()
                        .filter(version -> version.compareTo(to) > 0)
                        .isEmpty())
                .sorted(LAST_FIRST)
                .toList();
        List<String> parts = Arrays.stream(
                        name.replaceFirst("\\(.*| (PROCEDURE|USING \\S+)$", "").split("[.\"`\\s]+"))
                .filter(part -> !part.isEmpty())
                .toList();
        String own = parts.isEmpty() ? name : parts.get(parts.size() - 1);
        boolean table = kind.equals(SchemaObject.TABLE) || kind.equals(SchemaObject.COLUMN_ORDER);
        if (table || !Shape.isOfTable(kind) || parts.size() < 2) {
            return find(ordered, own, own).map(place -> "last mentioned in " + place);
        }
        String owner = parts.get(parts.size() - 2);
        return find(ordered, own, owner)
                .map(place -> "last mentioned in " + place)
                .or(() -> find(ordered, owner, owner).map(place -> "table " + owner + " last mentioned in " + place));
    }

    private static Optional<String> find(List<MigrationScript> scripts, String name, String beside) {
        Pattern word = word(name);
        Pattern other = word(beside);
        for (MigrationScript script : scripts) {
            int line = 0;
            int found = 0;
            // Semicolons within a body only make the pieces smaller.
            for (String statement : script.text().split(";", -1)) {
                Matcher matcher = word.matcher(statement);
                if (other.matcher(statement).find()) {
                    while (matcher.find()) {
                        found = line + lines(statement.substring(0, matcher.start())) + 1;
                    }
                }
                line += lines(statement);
            }
            if (found > 0) {
                return Optional.of(script.name() + ", line " + found);
            }
        }
        return Optional.empty();
    }

    private static Pattern word(String name) {
        return Pattern.compile("(?i)(?<![\\w$])" + Pattern.quote(name) + "(?![\\w$])");
    }

    private static int lines(String text) {
        return (int) text.chars().filter(c -> c == '\n').count();
    }
}
