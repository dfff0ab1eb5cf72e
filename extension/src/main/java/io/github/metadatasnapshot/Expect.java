package io.github.metadatasnapshot;

import io.github.metadatasnapshot.restore.RestoreVerdict;
import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A known exception: a restore that does something else than is asked of the others, and why that is accepted. Its test
 * passes where this happens, and fails where it no longer does.
 *
 * <pre>{@code
 * expect = @Expect(from = "1.2", to = "1.3", verdict = SILENTLY_ACCEPTED,
 *         because = "same shape, accepted by design, see ADR 7")
 * }</pre>
 *
 * @see MetadataSnapshot#expect
 * @since 0.1
 */
@Target({})
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface Expect {

    /** {@return the version that the backup is of} */
    String from();

    /** {@return the version that the database is at; the same as {@link #from} where the backup goes where it belongs} */
    String to();

    /** {@return what the restore does} */
    RestoreVerdict verdict();

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
