package io.github.metadatasnapshot.assertion;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A check that failed, or one part of it.
 *
 * @param gravity how grave that is
 * @param expectation what was expected, such as {@code to keep every row}
 * @param finding what was found instead, in one or more lines; after a colon, a list
 * @param subjects what it was found of, the gravest first: of each a line that is the same wherever the cause is
 */
record FailedCheck(Gravity gravity, String expectation, String finding, List<String> subjects) {

    private static final int MAX_SUBJECTS = 3;

    /** A number or a version that stands alone: what differs between two failures of one cause. */
    private static final Pattern NUMBER = Pattern.compile("(?<![\\w.])\\d+(\\.\\d+)*(?!\\w)");

    FailedCheck {
        subjects = List.copyOf(subjects);
    }

    /** {@return the failure after what was expected to hold: {@code to keep every row, but …}} */
    String describe() {
        return expectation + ", but" + (finding.startsWith(":") ? "" : " ") + finding;
    }

    /** {@return the failure in a line, which is the same for all that fail for the same cause} */
    String cause() {
        String some = subjects.stream()
                .limit(MAX_SUBJECTS)
                .map(subject -> subject.lines().findFirst().orElse(""))
                .collect(Collectors.joining("; "));
        return (gravity == Gravity.VERDICT || gravity == Gravity.OTHER ? "" : gravity.title() + ": ")
                + some
                + (subjects.size() > MAX_SUBJECTS ? "; and more" : "");
    }

    /** Leaves out of a finding what may be another in each failure of the same cause. */
    static String withoutNumbers(String finding) {
        return NUMBER.matcher(finding).replaceAll("…");
    }
}
