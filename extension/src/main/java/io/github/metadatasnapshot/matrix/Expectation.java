package io.github.metadatasnapshot.matrix;

import static java.util.stream.Collectors.joining;

import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.restore.RestoreVerdict;
import io.github.metadatasnapshot.server.ServerSpec;
import java.util.List;
import java.util.Optional;

/**
 * What is known to be another way than is asked of all: a restore with another verdict, an upgrade or a way back that fails, or
 * data that a migration loses.
 *
 * @param database the image or the engine that it is known of; empty for any
 * @param path the versions that it is about
 * @param verdict what a restore does; empty where it is about upgrades
 * @param fails texts of what fails of an upgrade; none where nothing does
 * @param recoveryFails texts of what fails of the way back; none where nothing does
 * @param loses tables and columns that lose data; none where it is about one cell
 * @param because why that is accepted
 */
public record Expectation(
        String database,
        Path path,
        Optional<RestoreVerdict> verdict,
        List<String> fails,
        List<String> recoveryFails,
        List<String> loses,
        String because) {

    /** Copies the lists. */
    public Expectation {
        fails = List.copyOf(fails);
        recoveryFails = List.copyOf(recoveryFails);
        loses = List.copyOf(loses);
    }

    /** Which versions something is about. */
    public sealed interface Path {}

    /**
     * A pair of versions.
     *
     * @param from the version that the backup is of, or that is upgraded
     * @param to the version that the database is at, or that is upgraded to
     */
    public record Between(Version from, Version to) implements Path {

        @Override
        public String toString() {
            return "from = \"" + from + "\", to = \"" + to + "\"";
        }
    }

    /**
     * All upgrades through a version.
     *
     * @param version the version of a migration
     */
    public record Through(Version version) implements Path {

        @Override
        public String toString() {
            return "at = \"" + version + "\"";
        }
    }

    /** {@return whether it is about a database} */
    public boolean isAbout(ServerSpec spec) {
        return database.isEmpty()
                || database.equals(spec.toString())
                || database.equals(spec.engine().id());
    }

    /**
     * Tells whether it says what comes of a cell.
     *
     * @param cell a cell of a database that it is about
     */
    public boolean isAbout(Cell cell) {
        boolean ofItsKind = switch (cell.check()) {
            case UPGRADE -> !fails.isEmpty();
            case RESTORE, CROSS_VERSION_RESTORE -> verdict.isPresent();
            case RECOVERY -> !recoveryFails.isEmpty();
        };
        return ofItsKind && isOn(Version.of(cell.from()), Version.of(cell.to()));
    }

    private boolean isOn(Version from, Version to) {
        if (path instanceof Through through) {
            return from.compareTo(through.version()) < 0 && through.version().compareTo(to) <= 0;
        }
        return path.equals(new Between(from, to));
    }

    /**
     * Finds expectations that cannot both be met.
     *
     * @param all the expectations about one database
     * @throws IllegalArgumentException if two say different things of one restore
     */
    public static void check(List<Expectation> all) {
        for (Expectation one : all) {
            for (Expectation other : all) {
                if (one.verdict().isPresent()
                        && other.verdict().isPresent()
                        && one.path().equals(other.path())
                        && !one.verdict().equals(other.verdict())) {
                    throw new IllegalArgumentException(
                            one + " and " + other + " contradict each other: leave out one of the two");
                }
            }
        }
    }

    /** {@return what is expected, for people: a verdict, or what fails} */
    public String describe() {
        return verdict.map(RestoreVerdict::name).orElseGet(() -> "fails with " + String.join(", ", failures()));
    }

    /** {@return texts of what fails, of an upgrade or of the way back} */
    public List<String> failures() {
        return fails.isEmpty() ? recoveryFails : fails;
    }

    /** {@return the expectation as it is declared} */
    @Override
    public String toString() {
        return "@Expect(" + path
                + verdict.map(known -> ", verdict = " + known).orElse("")
                + list(", fails = ", fails)
                + list(", recoveryFails = ", recoveryFails)
                + list(", loses = ", loses)
                + (database.isEmpty() ? "" : ", database = \"" + database + "\"")
                + ")";
    }

    private static String list(String name, List<String> texts) {
        return switch (texts.size()) {
            case 0 -> "";
            case 1 -> name + '"' + texts.get(0) + '"';
            default -> name + texts.stream().map(text -> '"' + text + '"').collect(joining(", ", "{", "}"));
        };
    }
}
