package io.github.metadatasnapshot.restore;

import java.util.List;

/**
 * What the product's next {@code migrate}, to the version that the target was at before a restore, does to what the restore
 * left. Tried on a copy.
 *
 * @param outcome what it does
 * @param to the version that it migrates to
 * @param detail what failed, or what it applied; why it could not be tried
 * @param rows how the number of rows differs, table by table, from that after an upgrade of the backup; none where it does
 *     not, or where nothing was migrated
 */
public record NextMigration(Outcome outcome, String to, String detail, List<String> rows) {

    /** What a migration does. */
    public enum Outcome {
        /** It finds nothing to do. */
        NOTHING,
        /** It fails. */
        FAILS,
        /** It reaches the version. */
        REACHES_VERSION,
        /** It reaches the version, which an upgrade of the backup does not. */
        REACHES_ALONE,
        /** It could not be tried. */
        UNKNOWN
    }

    /** Copies the list. */
    public NextMigration {
        rows = List.copyOf(rows);
    }

    /** Creates one that finds nothing to do. */
    public static NextMigration nothing(String to, String detail) {
        return new NextMigration(Outcome.NOTHING, to, detail, List.of());
    }

    /** Creates one that fails. */
    public static NextMigration fails(String to, String reason) {
        return new NextMigration(Outcome.FAILS, to, reason, List.of());
    }

    /** Creates one that reaches its version. */
    public static NextMigration reaches(String to, String applied, List<String> rows) {
        return new NextMigration(Outcome.REACHES_VERSION, to, applied, rows);
    }

    /** Creates one that reaches its version, while an upgrade of the backup does not. */
    public static NextMigration reachesAlone(String to, String applied, String reason) {
        return new NextMigration(Outcome.REACHES_ALONE, to, applied + " and gets there, but " + reason, List.of());
    }

    /** Creates one that could not be tried. */
    public static NextMigration unknown(String to, String reason) {
        return new NextMigration(Outcome.UNKNOWN, to, reason, List.of());
    }

    /** {@return the outcome in a sentence without a full stop} */
    @Override
    public String toString() {
        String migrate = "the next migrate to " + to;
        return switch (outcome) {
            case NOTHING -> migrate + " finds nothing to do" + because();
            case FAILS -> migrate + " fails" + because();
            case REACHES_VERSION ->
                migrate + " applies " + detail + " and gets there, with "
                        + (rows.isEmpty()
                                ? "as many rows as an upgrade of the backup"
                                : "other rows than an upgrade of the backup: " + String.join("; ", rows));
            case REACHES_ALONE -> migrate + " applies " + detail;
            case UNKNOWN -> "what " + migrate + " does is not known" + because();
        };
    }

    private String because() {
        return detail.isEmpty() ? "" : ": " + detail;
    }
}
