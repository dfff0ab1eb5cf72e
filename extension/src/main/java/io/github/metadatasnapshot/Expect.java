package io.github.metadatasnapshot;

import io.github.metadatasnapshot.restore.RestoreVerdict;
import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A known exception, and why it is accepted. Says one of four things:
 *
 * <pre>{@code
 * expect = {
 *     // Data that a migration drops on purpose, declared once for every upgrade through it.
 *     @Expect(at = "1.10", loses = {"audit_log", "session.token"}, because = "purged, see ADR 12"),
 *     // A restore that does something else than is asked of the others.
 *     @Expect(from = "1.2", to = "1.3", verdict = SILENTLY_ACCEPTED, because = "same shape, see ADR 7"),
 *     // An upgrade that fails; with at in the place of from and to, every upgrade through that version.
 *     @Expect(from = "1.2", to = "1.3", fails = "index user_name", because = "made by hand at that customer's"),
 *     // A way back that fails, with from and to, or at, of the upgrade.
 *     @Expect(at = "1.10", recoveryFails = "sequence audit_seq", because = "the product's tool leaves sequences out")
 * }
 * }</pre>
 *
 * <p>The test of a restore, an upgrade or a recovery passes where this happens, and fails where it no longer does or where more
 * than this fails. Data that no upgrade of a run lost is named at its end.
 *
 * @see MetadataSnapshot#expect
 * @since 0.1
 */
@Target({})
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface Expect {

    /** {@return the version that the backup is of, or that is upgraded; by default none, for what is declared with {@link #at}} */
    String from() default "";

    /**
     * The version that the database is at, or that is upgraded to; the same as {@link #from} where a backup goes where it
     * belongs.
     *
     * @return the version; by default none, for what is declared with {@link #at}
     */
    String to() default "";

    /** {@return what the restore does: one verdict; by default none, where it is about upgrades} */
    RestoreVerdict[] verdict() default {};

    /**
     * The version of a migration: what is declared holds for every upgrade from a lower version to this or a higher one.
     *
     * @return the version; by default none, for what is declared with {@link #from} and {@link #to}
     */
    String at() default "";

    /**
     * The tables and columns that lose data in the migration {@link #at} a version, named as they are before it: {@code table}
     * or {@code table.column}, on PostgreSQL with the schema before it where that is not {@code public}.
     *
     * @return the tables and columns; by default none
     */
    String[] loses() default {};

    /**
     * What of the upgrade fails: texts such as {@code V3__half.sql}, {@code table audit_log} or {@code index user_name}. Each
     * has to stand in a finding, and each finding has to have one of them in it.
     *
     * @return the texts; by default none
     */
    String[] fails() default {};

    /**
     * What of the way back from the upgrade fails, as {@link #fails} does of the upgrade: what the backup lacks, such as {@code
     * table audit}, what the same upgrade ends with when it is made again, or the verdict of a restore that was not faithful,
     * such as {@code SILENTLY_ACCEPTED}.
     *
     * @return the texts; by default none
     */
    String[] recoveryFails() default {};

    /** {@return why that is accepted, for the report; not blank} */
    String because();

    /**
     * The database that this is known of: an image, such as {@code mysql:9.7}, or an engine, {@code postgresql}, {@code
     * mysql} or {@code mariadb}.
     *
     * @return the database; by default every one
     */
    String database() default "";
}
