package io.github.metadatasnapshot.assertion;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.summingInt;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What is proven of one upgrade or restore. The first check that fails ends it, or all that fail are collected and told
 * together, the gravest first.
 */
final class Proof {

    private final String subject;
    private final boolean collecting;
    private final Consumer<FailedCheck> failures;
    private final List<FailedCheck> failed = new ArrayList<>();
    private final List<String> notLookedAt = new ArrayList<>();
    private int checks;
    private int failedChecks;
    private String end = "";

    /**
     * Begins a proof.
     *
     * @param subject what it is about, such as {@code the upgrade postgres:17 · 1 → 2}
     * @param collecting whether failures are collected
     * @param failures takes what failed, the gravest first
     */
    Proof(String subject, boolean collecting, Consumer<FailedCheck> failures) {
        this.subject = subject;
        this.collecting = collecting;
        this.failures = failures;
    }

    /**
     * Tells whether an earlier failure leaves nothing to check.
     *
     * @param check the check that is not made then, for people
     */
    boolean hasEnded(String check) {
        if (end.isEmpty()) {
            return false;
        }
        if (!notLookedAt.contains(check)) {
            notLookedAt.add(check);
        }
        return true;
    }

    /** Tells whether an earlier failure leaves nothing to check. */
    boolean hasEnded() {
        return !end.isEmpty();
    }

    /**
     * Notes what came of a check.
     *
     * @param found what failed, none where the check holds
     * @return what to throw; empty where it holds, or is told at the end
     */
    Optional<String> note(List<FailedCheck> found) {
        checks++;
        if (found.isEmpty()) {
            return Optional.empty();
        }
        failedChecks++;
        if (collecting) {
            failed.addAll(found);
            return Optional.empty();
        }
        found.forEach(failures);
        return Optional.of("Expected " + subject + " " + describe(found));
    }

    /**
     * Leaves the checks that follow out, where failures are collected.
     *
     * @param reason why nothing is left to check, such as {@code the upgrade failed}
     */
    void end(String reason) {
        if (collecting) {
            end = reason;
        }
    }

    /**
     * Collects what checks find.
     *
     * @param makeChecks makes the checks
     * @param assertAll throws what was found
     */
    void collect(Runnable makeChecks, Runnable assertAll) {
        try {
            makeChecks.run();
        } catch (AssertionError e) {
            // An assertion of another kind, which collects nothing.
            if (failed.isEmpty()) {
                throw e;
            }
            String message = String.valueOf(e.getMessage());
            note(List.of(
                    new FailedCheck(Gravity.OTHER, "to pass what else is checked", ":\n" + message, List.of(message))));
        } catch (RuntimeException e) {
            failure().ifPresent(found -> e.addSuppressed(new AssertionError(found)));
            throw e;
        }
        assertAll.run();
    }

    /** {@return all that failed, empty where everything holds} */
    Optional<String> failure() {
        if (failed.isEmpty()) {
            return Optional.empty();
        }
        failed.sort(Comparator.comparing(FailedCheck::gravity));
        failed.forEach(failures);
        String rest = notLookedAt.isEmpty() ? "" : "\nnot looked at, as " + end + ": " + String.join(", ", notLookedAt);
        return Optional.of((failedChecks == 1 ? "Expected " + subject + " " + describe(failed) : overview()) + rest);
    }

    /** Joins the parts of one check. */
    private static String describe(List<FailedCheck> parts) {
        return parts.get(0).describe()
                + parts.stream().skip(1).map(part -> "\nand " + part.finding()).collect(joining());
    }

    private String overview() {
        StringBuilder text = new StringBuilder(failedChecks + " of " + checks + " checks of " + subject + " failed ("
                + failed.stream()
                        .collect(groupingBy(
                                FailedCheck::gravity,
                                TreeMap::new,
                                summingInt(part -> part.subjects().size())))
                        .entrySet()
                        .stream()
                        .map(each -> each.getKey().title() + ": " + each.getValue())
                        .collect(joining("; "))
                + "). Expected it");
        for (int i = 0; i < failed.size(); i++) {
            text.append('\n').append(i + 1).append(") ").append(failed.get(i).describe());
        }
        return text.toString();
    }
}
