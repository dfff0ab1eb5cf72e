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
 * Runs a test for the way back from each upgrade: from each of {@link MetadataSnapshot#backups} to the next version, and to the
 * latest. The database is upgraded, and the backup is restored by {@link MetadataSnapshot#recovery} into copies of it: one at
 * the end of the upgrade and, on the way to the next version, one for each migration, which is broken off in its middle. Each is a
 * test of its own, such as {@code postgres:17 · 1.2 → 2.0 · recovery}, with the tag {@code recovery}.
 *
 * <pre>{@code
 * @RecoveryTest
 * void bringsEverythingBack(Recovery recovery) {
 *     assertThat(recovery).broughtBackEverything();
 * }
 * }</pre>
 *
 * <p>The test takes the {@link io.github.metadatasnapshot.recovery.Recovery}, and what leads to the upgraded database, as of
 * {@link UpgradePathTest}. May be used as a meta-annotation.
 *
 * @see RecoveryContract
 * @since 0.1
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@TestTemplate
@Tag("recovery")
@ExtendWith(CellExtension.class)
public @interface RecoveryTest {}
