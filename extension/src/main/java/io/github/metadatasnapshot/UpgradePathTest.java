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
 * Runs a test for each upgrade path: from each version that {@link MetadataSnapshot#backups} has a backup of, along {@link
 * MetadataSnapshot#paths}. Each is a test of its own, such as {@code postgres:17 · 1.2 → 2.0 · upgrade}, with the tag {@code
 * upgrade}.
 *
 * <pre>{@code
 * @UpgradePathTest
 * void keepsEveryRow(Upgrade upgrade) {
 *     assertThat(upgrade).succeeded().keptEveryRow();
 * }
 * }</pre>
 *
 * <p>The test takes the {@link io.github.metadatasnapshot.migration.Upgrade}, which has run, {@link AfterUpgrade} methods
 * included, when the test begins, or is run when a {@code @BeforeEach} method or the constructor takes it. A {@link
 * MetadataDatabase}, {@link javax.sql.DataSource} or {@link java.sql.Connection} beside it leads to the database that was
 * upgraded. A test that takes no upgrade has the database as it is before.
 *
 * <p>May be used as a meta-annotation.
 *
 * @see UpgradeContract
 * @since 0.1
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@TestTemplate
@Tag("upgrade")
@ExtendWith(CellExtension.class)
public @interface UpgradePathTest {}
