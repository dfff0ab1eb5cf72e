package io.github.metadatasnapshot.assertion;

import static java.util.stream.Collectors.joining;

import io.github.metadatasnapshot.migration.FrozenComparison;
import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.shape.ShapeDifference;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What assertions about shapes say when they fail. */
final class ShapeMessages {

    private static final int MAX_OBJECTS = 20;

    /** Equal lines that are shown before and after those that differ. */
    private static final int CONTEXT_LINES = 2;

    private ShapeMessages() {}

    static String notClean(Upgrade upgrade, List<ShapeDifference> differences) {
        return expectedClean(upgrade) + ", but " + objects(differences, upgrade::lastMention);
    }

    static String noCleanInstall(Upgrade upgrade, String obstacle) {
        return expectedClean(upgrade) + ", but there is none to compare with. An empty database migrated to "
                + upgrade.to() + ": " + obstacle;
    }

    static String notReached(Upgrade upgrade) {
        return expectedClean(upgrade) + ", but it did not get there. " + UpgradeMessages.notSucceeded(upgrade);
    }

    private static String expectedClean(Upgrade upgrade) {
        return "Expected the upgrade " + upgrade + " to end with the shape of a clean install of " + upgrade.to();
    }

    static String notFrozen(FrozenComparison frozen) {
        StringBuilder text = new StringBuilder(
                "Expected " + frozen + " to have the shape that is frozen in " + frozen.file() + ", but ");
        Function<ShapeDifference, Optional<String>> mention = frozen::lastMention;
        boolean same = frozen.differences().equals(frozen.cleanInstallDifferences());
        if (!frozen.differences().isEmpty()) {
            text.append(same ? "in the database, and in an empty one that is migrated today, " : "in the database ")
                    .append(objects(frozen.differences(), mention));
        }
        if (!same && !frozen.cleanInstallDifferences().isEmpty()) {
            text.append(frozen.differences().isEmpty() ? "" : "\n")
                    .append("in an empty database that is migrated today ")
                    .append(objects(frozen.cleanInstallDifferences(), mention));
        }
        frozen.cleanInstallObstacle()
                .ifPresent(obstacle -> text.append(frozen.differences().isEmpty() ? "" : "\n")
                        .append("no empty database can be migrated there today: ")
                        .append(obstacle));
        frozen.invalid().forEach(finding -> text.append("\nvalidate says: ").append(finding));
        frozen.otherRelease()
                .ifPresent(
                        release -> text.append("\nnote: the shape was frozen on ")
                                .append(release)
                                .append(
                                        ", which may describe the same object in other words: compare on that, or keep a file for each, by {release} in its name"));
        return text.toString();
    }

    private static String objects(
            List<ShapeDifference> differences, Function<ShapeDifference, Optional<String>> mention) {
        List<ShapeDifference> shown = differences.stream()
                .filter(difference -> differences.stream().noneMatch(difference::isPartOf))
                .toList();
        String rest = shown.stream()
                .skip(MAX_OBJECTS)
                .map(difference -> difference.kind() + " " + difference.name())
                .collect(joining(", "));
        return (shown.size() == 1 ? "one object differs:" : shown.size() + " objects differ:")
                + shown.stream()
                        .limit(MAX_OBJECTS)
                        .map(difference -> object(difference, mention))
                        .collect(joining())
                + (rest.isEmpty() ? "" : "\n- and " + rest);
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
