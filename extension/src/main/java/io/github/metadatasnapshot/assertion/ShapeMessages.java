package io.github.metadatasnapshot.assertion;

import static java.util.stream.Collectors.joining;

import io.github.metadatasnapshot.migration.FrozenComparison;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.shape.ShapeDifference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What assertions about shapes say when they fail. */
final class ShapeMessages {

    private static final int MAX_OBJECTS = 20;

    /** Equal lines that are shown before and after those that differ. */
    private static final int CONTEXT_LINES = 2;

    private ShapeMessages() {}

    /** Says how the shape differs, a part for each gravity that there is something of. */
    static List<FailedCheck> notClean(Upgrade upgrade, Map<Gravity, List<ShapeDifference>> differences) {
        List<ShapeDifference> all =
                differences.values().stream().flatMap(List::stream).toList();
        List<FailedCheck> parts = new ArrayList<>();
        differences.forEach((gravity, some) -> {
            List<ShapeDifference> shown = shown(some, all);
            if (!shown.isEmpty()) {
                parts.add(new FailedCheck(
                        gravity,
                        expectedClean(upgrade),
                        count(gravity, shown.size())
                                + objects(shown, upgrade::lastMention)
                                + upgrade.likelyCause(shown)
                                        .map(cause -> "\nlikely cause: " + cause)
                                        .orElse(""),
                        shown.stream()
                                .map(difference -> difference.kind() + " " + difference.name())
                                .toList()));
            }
        });
        return parts;
    }

    private static String count(Gravity gravity, int count) {
        return switch (gravity) {
            case MISSING_OBJECTS -> count == 1 ? "one object is missing:" : count + " objects are missing:";
            case NAMES -> count == 1 ? "one name or order differs:" : count + " names or orders differ:";
            default -> count == 1 ? "one object differs:" : count + " objects differ:";
        };
    }

    static FailedCheck noCleanInstall(Upgrade upgrade, String obstacle) {
        return new FailedCheck(
                Gravity.MISSING_OBJECTS,
                expectedClean(upgrade),
                "there is none to compare with. An empty database migrated to " + upgrade.to() + ": " + obstacle,
                List.of("no clean install: " + obstacle));
    }

    static String expectedClean(Upgrade upgrade) {
        return "to end with the shape of a clean install of " + upgrade.to();
    }

    static String notFrozen(FrozenComparison frozen) {
        StringBuilder text = new StringBuilder(
                "Expected " + frozen + " to have the shape that is frozen in " + frozen.file() + ", but ");
        Function<ShapeDifference, Optional<String>> mention = frozen::lastMention;
        boolean same = frozen.differences().equals(frozen.cleanInstallDifferences());
        if (!frozen.differences().isEmpty()) {
            text.append(same ? "in the database, and in an empty one that is migrated today, " : "in the database ")
                    .append(list(frozen.differences(), mention));
        }
        if (!same && !frozen.cleanInstallDifferences().isEmpty()) {
            text.append(frozen.differences().isEmpty() ? "" : "\n")
                    .append("in an empty database that is migrated today ")
                    .append(list(frozen.cleanInstallDifferences(), mention));
        }
        frozen.cleanInstallObstacle()
                .ifPresent(obstacle -> text.append(frozen.differences().isEmpty() ? "" : "\n")
                        .append("no empty database can be migrated there today: ")
                        .append(obstacle));
        frozen.invalid().forEach(finding -> text.append("\nvalidate says: ").append(finding));
        frozen.otherRelease()
                .ifPresent(release -> text.append("\nnote: the shape was frozen on ")
                        .append(release)
                        .append(", which may describe the same object in other words: compare on that, or keep"
                                + " a file for each, by {release} in its name"));
        return text.toString();
    }

    private static String list(List<ShapeDifference> differences, Function<ShapeDifference, Optional<String>> mention) {
        List<ShapeDifference> shown = shown(differences, differences);
        return count(Gravity.OBJECTS, shown.size()) + objects(shown, mention);
    }

    private static String objects(
            List<ShapeDifference> differences, Function<ShapeDifference, Optional<String>> mention) {
        String rest = differences.stream()
                .skip(MAX_OBJECTS)
                .map(difference -> difference.kind() + " " + difference.name())
                .collect(joining(", "));
        return differences.stream()
                        .limit(MAX_OBJECTS)
                        .map(difference -> object(difference, mention))
                        .collect(joining())
                + (rest.isEmpty() ? "" : "\n- and " + rest);
    }

    /** Leaves out what the line of a whole table says, and puts what matters most first. */
    private static List<ShapeDifference> shown(List<ShapeDifference> some, List<ShapeDifference> all) {
        return some.stream()
                .filter(difference -> all.stream().noneMatch(difference::isPartOf))
                .sorted(ShapeDifference.BY_GRAVITY)
                .toList();
    }

    private static String object(ShapeDifference difference, Function<ShapeDifference, Optional<String>> mention) {
        String what = difference.expected() == null
                ? " should not be there"
                : difference.actual() == null ? " is missing" : " differs";
        return "\n- " + difference.kind() + " " + difference.name() + what
                + definition("expected:", difference.expected(), difference.actual())
                + definition("actual:  ", difference.actual(), difference.expected())
                + mention.apply(difference).map(place -> "\n    " + place).orElse("");
    }

    private static String definition(String label, @Nullable String definition, @Nullable String other) {
        if (definition == null) {
            return "";
        }
        List<String> lines = definition.lines().toList();
        if (lines.size() < 2 && (other == null || other.lines().count() < 2)) {
            return "\n    " + label + " " + definition;
        }
        List<String> others = other == null ? List.of() : other.lines().toList();
        int most = Math.min(lines.size(), others.size());
        int before = 0;
        while (before < most && lines.get(before).equals(others.get(before))) {
            before++;
        }
        int after = 0;
        while (after < most - before
                && lines.get(lines.size() - 1 - after).equals(others.get(others.size() - 1 - after))) {
            after++;
        }
        int from = Math.max(0, before - CONTEXT_LINES);
        int to = Math.min(lines.size(), lines.size() - after + CONTEXT_LINES);
        return "\n    " + label.strip()
                + (from > 0 ? "\n      …" : "")
                + lines.subList(from, to).stream()
                        .map(line -> "\n      " + line)
                        .collect(joining())
                + (to < lines.size() ? "\n      …" : "");
    }
}
