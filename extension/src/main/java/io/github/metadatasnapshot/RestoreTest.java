package io.github.metadatasnapshot;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs a test for each of {@link MetadataSnapshot#backups}, which goes into the database that it is meant for: a full one into
 * an empty database, a data-only one into a database that is migrated to its version. Each is a test of its own, such as
 * {@code postgres:17 · 1.2 · restore}, with the tag {@code restore}.
 *
 * <pre>{@code
 * @RestoreTest
 * void goesInWhole(Restore restore) {
 *     assertThat(restore).succeeded();
 * }
 * }</pre>
 *
 * <p>The test takes the {@link io.github.metadatasnapshot.restore.Restore}, and what leads to its database, as of {@link
 * UpgradePathTest}. The restore is tried by {@link MetadataSnapshot#procedure}. Where {@link MetadataSnapshot#expect} is
 * about it, its verdict alone is looked at, and the test's method does not run.
 *
 * <p>May be used as a meta-annotation.
 *
 * @see RestoreContract
 * @since 0.1
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@TestTemplate
@Tag("restore")
@ExtendWith(CellExtension.class)
public @interface RestoreTest {}
