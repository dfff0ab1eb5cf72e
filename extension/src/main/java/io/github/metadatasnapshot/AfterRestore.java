package io.github.metadatasnapshot;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Runs a method after each restore of the tests of its class that was {@link
 * io.github.metadatasnapshot.restore.RestoreVerdict#RESTORED}: the product's own smoke test, as a part of {@link
 * MetadataDatabase#restore(String)}, of a {@link RestoreTest} and of {@link MetadataDatabase#recover}. Where it fails, the test
 * fails, with the restore in the message; of a {@link RestoreTest} and a {@link RecoveryTest} all other checks are made first,
 * and told with it. A {@link CrossVersionRestoreTest} has none.
 *
 * <pre>{@code
 * @AfterRestore
 * void theServerRuns(MetadataDatabase database, Restore restore) throws Exception {
 *     try (var server = CatalogServer.start(restore.backupVersion(), database.jdbcUrl())) {
 *         assertThat(server.get("/assets")).contains("orders");
 *     }
 * }
 * }</pre>
 *
 * <p>It runs on a copy, and the method is found and called as of {@link AfterUpgrade}, with the {@link
 * io.github.metadatasnapshot.restore.Restore} in the place of the upgrade.
 *
 * @since 0.1
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface AfterRestore {}
