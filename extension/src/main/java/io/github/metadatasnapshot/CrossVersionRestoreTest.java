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
 * Runs a test for each of {@link MetadataSnapshot#backups} and each other version: a database at that version, with the
 * backup of that version in it where there is one, into which the backup is restored. Each is a test of its own, such as
 * {@code postgres:17 · 1.2 → 2.0 · cross version restore}, with the tag {@code cross-version-restore}.
 *
 * <pre>{@code
 * @CrossVersionRestoreTest
 * void isRefused(Restore restore) {
 *     assertThat(restore).wasRejected().becauseOfVersion();
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
@Tag("cross-version-restore")
@ExtendWith(CellExtension.class)
public @interface CrossVersionRestoreTest {}
