package io.github.metadatasnapshot;

import io.github.metadatasnapshot.matrix.UpgradePaths;
import io.github.metadatasnapshot.migration.FlywayCustomizer;
import io.github.metadatasnapshot.migration.MigratorFactory;
import io.github.metadatasnapshot.product.ProductServerFactory;
import io.github.metadatasnapshot.restore.CleanDatabase;
import io.github.metadatasnapshot.restore.DocumentedClient;
import io.github.metadatasnapshot.restore.RestoreProcedure;
import io.github.metadatasnapshot.snapshot.SnapshotData;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.ClassTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives each test a fresh database at a version of its schema, with a backup of that version loaded.
 *
 * <pre>{@code
 * @MetadataSnapshot(database = "postgres:17", version = "1.2", backup = "backups/postgresql/1.2.sql.gz")
 * class UpgradeFrom12Test {
 *     @Test
 *     void upgradesToTheCurrentRelease(MetadataDatabase database) {
 *         assertThat(database.migrateTo("2.0")).succeeded();
 *     }
 * }
 * }</pre>
 *
 * <p>A test takes a {@link MetadataDatabase}, a {@link javax.sql.DataSource} or a {@link java.sql.Connection} as a
 * parameter, as its constructor and its {@code @BeforeEach} and {@code @AfterEach} methods may; all of one test lead to the
 * same database, and those of two tests never do. The connection is closed and the database dropped after the test. The
 * server is started when it is first needed and serves the whole run.
 *
 * <p>On a class the tests run once for each of {@link #databases}. On a method it takes one database. What a method's
 * annotation leaves out comes from its class's, and what a {@code @Nested} class's leaves out from the class around it. May
 * be used as a meta-annotation.
 *
 * <p>In {@link #backup}, {@link #backups} and {@link #locations}, <code>{engine}</code> stands for {@code postgresql}, {@code mysql} or
 * {@code mariadb}; for MariaDB, where nothing is there under {@code mariadb}, for {@code mysql}.
 *
 * @see Settings for the settings of a run, such as where servers come from
 * @since 0.1
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@ClassTemplate
@ExtendWith(RequiredJUnit.class)
@ExtendWith(MetadataSnapshotExtension.class)
public @interface MetadataSnapshot {

    /**
     * The database server, as a compose file names it: an image with a tag, such as {@code postgres:17}. For an image
     * whose name does not tell its engine, {@code "registry.example/metadata:3 as postgres"}. The tag of an official image is
     * the version that its server has to be of; every other image's server tells its version itself.
     *
     * @return the image; by default that of the class around, and there has to be one
     */
    String database() default "";

    /**
     * Several database servers, on each of which the tests run. Instead of {@link #database}.
     *
     * @return the images; none by default
     */
    String[] databases() default {};

    /**
     * What the product's database has by default where it is not what the server gives to each: what {@code CREATE DATABASE}
     * says after the name, such as {@code CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci} or {@code ENCODING 'LATIN1'
     * LOCALE 'C'}, and for PostgreSQL what {@code ALTER DATABASE} sets, such as {@code SET intervalstyle = 'iso_8601'}; what a
     * driver sets for each session comes before it, as PostgreSQL's does with the time zone. They hold for the database of the
     * test, its copies, clean installs and the controls of restores. With databases of several engines,
     * each entry begins with the name of the engine that it is for, such as {@code mysql: COLLATE utf8mb4_unicode_ci}.
     *
     * @return the entries; by default, on MySQL and MariaDB, the character set and collation that the backup says: that of
     *     {@code ALTER DATABASE}, or else of Flyway's history table, which is created without any of its own; on PostgreSQL
     *     what a dump by {@code pg_dump -C} or {@code -Fc} says: encoding, locale, and the settings that change how values are
     *     read and written; else the server's defaults
     */
    String[] databaseDefaults() default {};

    /**
     * The version that the database is at when the test starts, as Flyway calls it.
     *
     * <p>Of a backup of rows without the history, as some products' own tools write them, it is the declared version: they are
     * judged as such, where they go into a database that is migrated to it, and reports say <i>as declared</i>.
     *
     * @return the version; by default the one that the history in the backup says
     */
    String version() default "";

    /**
     * The backup to load: a dump file by {@code pg_dump}, {@code mysqldump} or {@code mariadb-dump}, plain, {@code .gz},
     * {@code .zst} or in PostgreSQL's custom format; on the class path, or else a path. A full one goes into an empty
     * database; a data-only one into a database that Flyway has migrated to the version.
     *
     * <p>Or a copy of PostgreSQL's data directory in a tar archive ({@code .tar}, {@code .tar.gz}, {@code .tar.zst}), taken
     * while its server was shut down, or by {@code pg_basebackup}. A server of the same image opens it in a container that
     * has no network, and the database in it that holds the history table is dumped: so it takes Docker, wherever the
     * test's own database comes from. What is longer than 64 GiB once it is unpacked is refused. Of several data directories in
     * the archive, as in a product's whole directory, the one is taken whose database has the history.
     *
     * <p>Or a database, such as one that a cloud service has restored from its snapshot, by its JDBC URL without a password:
     * {@code jdbc:postgresql://db.example:5432/catalog}. Who reads it is set by {@link Settings#BACKUP}. It is captured once in
     * a run, in one consistent read by the engine's dump tool in a container, and not changed. The file is readable by its
     * owner only, and deleted in the end unless {@link Settings#BACKUP_DIRECTORY} names a place. A database without a
     * history, or at another version than {@link #version}, is refused.
     *
     * <p>A file elsewhere is downloaded once: {@code https://host/1.2.sql.gz#sha256=…}, or {@code s3://bucket/key} by the AWS
     * SDK 2 ({@code software.amazon.awssdk:s3}).
     *
     * @return the file; by default that of {@link #backups} for {@link #version}, and where there are none either, none, so
     *     that the database holds what the migrations write
     */
    String backup() default "";

    /**
     * The backups of all versions, each as in {@link #backup}: a location with <code>{version}</code> in it. What runs for
     * every version takes these, as {@link UpgradeContract} does; a test that names its {@link #version} starts from the
     * backup of that. Instead of {@link #backup}. A file of rows without the history, as some products' own tools write it, is
     * taken as of the version in its name, which reports call <i>as declared</i>.
     *
     * <p>Where the names tell dates, a <code>*</code> takes their place in the name of the file, as in {@code
     * backups/{engine}/backup_*.sql}: the history in each file tells its version, for which each is read once in a run. A file
     * that tells no version is a cell that fails. Of two files of one version both are named in an error, unless {@link
     * Settings#BACKUP_DUPLICATES} takes the later name. None is captured there.
     *
     * @return the location, with the one or the other; by default none
     */
    String backups() default "";

    /**
     * The least versions of the dump tools that the product takes backups of, such as {@code {"mysqldump 8.3", "pg_dump
     * 13.3"}}. A backup of an earlier one, or of a tool that it does not name, is told before it is used and in the report, or
     * {@linkplain Settings#BACKUP_TOOLS refused}.
     *
     * @return {@code pg_dump}, {@code mysqldump} or {@code mariadb-dump} with a version; by default any will do
     */
    String[] dumpTools() default {};

    /**
     * Between which versions an {@link UpgradePathTest} upgrades.
     *
     * @return the paths; by default from every version to the next one, and to the latest
     */
    UpgradePaths paths() default UpgradePaths.NEXT_AND_LATEST;

    /**
     * Restores and upgrades of a {@link RestoreTest}, {@link CrossVersionRestoreTest} or {@link UpgradePathTest} that are known to
     * do something else than the test asks of them, and data that migrations lose on purpose in any upgrade.
     *
     * @return the exceptions; none by default
     */
    Expect[] expect() default {};

    /**
     * Fills in data before a backup is captured, and only then: see {@link Settings#CAPTURE}. Needs a constructor without
     * parameters.
     *
     * @return the class; by default one that adds no data
     */
    Class<? extends SnapshotData> data() default SnapshotData.None.class;

    /**
     * Versions that the product does not allow to skip: {@link MetadataDatabase#migrateTo} goes through those that lie
     * between, with a run of Flyway for each, as an operator would install one release after the other.
     *
     * @return the versions, the lowest first; none by default
     */
    String[] via() default {};

    /**
     * The places where Flyway looks for migrations.
     *
     * @return the locations, as Flyway takes them; by default those of {@link #flywayConfig}, and else Flyway's own
     *     default, {@code db/migration}
     */
    String[] locations() default {};

    /**
     * The name of Flyway's history table.
     *
     * @return the name; by default that of {@link #flywayConfig}, and else {@code flyway_schema_history}
     */
    String table() default "";

    /**
     * The schemas that Flyway manages, on PostgreSQL. The first holds the history table.
     *
     * @return the schemas; by default those of {@link #flywayConfig}, and else the connection's own
     */
    String[] schemas() default {};

    /**
     * Values for the placeholders in migrations, beside those of {@link #flywayConfig} and in the place of those of the same
     * name.
     *
     * @return entries {@code name=value}; none by default
     */
    String[] placeholders() default {};

    /**
     * Configuration files that the product has for Flyway: {@code flyway.toml}, {@code flyway.conf} or Spring Boot's {@code
     * application.properties} or {@code application.yml}, on the class path or as paths, read as Flyway's command or, without a
     * profile, Spring Boot does. YAML takes SnakeYAML, which Spring Boot brings along. What they say of
     * databases and of a target is left out of account; a key that Flyway does not know is an error.
     *
     * @return the files, of which a later one wins; none by default
     */
    String[] flywayConfig() default {};

    /**
     * Configures what no attribute does. Needs a constructor without parameters.
     *
     * @return the class; by default one that changes nothing
     */
    Class<? extends FlywayCustomizer> flyway() default FlywayCustomizer.None.class;

    /**
     * Makes what migrates the databases, where that is not Flyway, or the migrations do not lie as Flyway wants it. Needs a
     * constructor without parameters.
     *
     * @return the class; by default one that takes Flyway
     */
    Class<? extends MigratorFactory> migrator() default MigratorFactory.BuiltIn.class;

    /**
     * Says how the product's server of a version is started, and what one that works answers. It is started on a copy of the
     * database after each upgrade and each restore that succeeded, when {@link AfterUpgrade} and {@link AfterRestore} methods
     * have run, and by {@link MetadataDatabase#startServer}. Needs a constructor without parameters.
     *
     * @return the class; by default one that starts no server
     */
    Class<? extends ProductServerFactory> server() default ProductServerFactory.None.class;

    /**
     * Takes copies of a data directory that were made while their server ran: by a snapshot of the volume, which is of one
     * moment, or while nothing was written, as in a product's readonly mode. Without it they are refused. The server recovers
     * such a copy; then each page is compared with its checksum, where the server had checksums on, each table and B-tree index
     * of the database is checked by amcheck, where the image holds it, and each row is read. What these do not tell is said at
     * the end of the run and in the report. PostgreSQL only.
     *
     * @return whether copies are of one moment; one {@code true} among the method, its class and those around it counts
     */
    boolean copiedWhileRunning() default false;

    /**
     * The column in which the history names the database that it is about, where backups are restored into databases of other
     * names.
     *
     * @return one entry at most; by default none
     */
    RenamedDatabase[] renamed() default {};

    /**
     * Leaves repeatable SQL migrations and SQL callbacks out while the database is brought to {@link #version}, because they
     * assume a later one. They run in the upgrade. Without it, those are left out that fail in an empty database of a version
     * below the latest, in upgrades too, and the run names them at its end.
     *
     * @return whether to leave them out; one {@code true} among the method, its class and those around it counts
     */
    boolean versionedOnly() default false;

    /**
     * How {@link MetadataDatabase#restore(String)} restores. Needs a constructor without parameters.
     *
     * @return the procedure; by default the engine's client, with its own defaults for errors
     */
    Class<? extends RestoreProcedure> procedure() default DocumentedClient.class;

    /**
     * How {@link MetadataDatabase#recover} and {@link RecoveryContract} restore a backup after an upgrade. Needs a constructor
     * without parameters.
     *
     * @return the procedure; by default one that makes the database empty first
     */
    Class<? extends RestoreProcedure> recovery() default CleanDatabase.class;
}
