package io.github.metadatasnapshot;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Runs a method after each upgrade of the tests of its class that succeeded: the product's own smoke test, as a part of
 * {@link MetadataDatabase#migrateTo} and {@link MetadataDatabase#migrateToLatest}. Where it fails, the test fails, with the
 * path of the upgrade in the message; of an {@link UpgradePathTest} all other checks are made first, and told with it.
 *
 * <p>It runs on a copy of the upgraded database, so that what the product writes is not taken for the upgrade's doing. Where
 * the server cannot copy it, as one that has a single database cannot, it runs on the database itself.
 *
 * <pre>{@code
 * @AfterUpgrade
 * void theServerRuns(MetadataDatabase database) throws Exception {
 *     try (var server = CatalogServer.start(database.jdbcUrl(), database.user(), database.password())) {
 *         assertThat(server.get("/assets")).contains("orders");
 *     }
 * }
 * }</pre>
 *
 * <p>The method may stand in a class that carries {@link MetadataSnapshot}, in a superclass, in a class around it, or in an
 * interface as a default method; it is not private, not static and returns nothing. Several run the outermost class's
 * first, and a superclass's before its own. Its parameters are, in any order, the {@link MetadataDatabase}, the {@link
 * io.github.metadatasnapshot.migration.Upgrade}, a {@link javax.sql.DataSource} and a {@link java.sql.Connection}, which
 * is a new one and closed afterwards; all lead to the copy, which is dropped after the last of the methods.
 *
 * <p>Where a request tells whether the product's server works, no method is needed: see {@link MetadataSnapshot#server}.
 *
 * @since 0.1
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface AfterUpgrade {}
