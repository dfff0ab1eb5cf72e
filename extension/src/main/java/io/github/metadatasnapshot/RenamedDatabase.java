package io.github.metadatasnapshot;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A column of the history in which each row names the database that it is about, so that the history of one database does not
 * count in another:
 *
 * <pre>{@code
 * @MetadataSnapshot(
 *         database = "postgres:17",
 *         migrator = Bytebase.class,
 *         backup = "backups/metadb.sql.gz",
 *         renamed = @RenamedDatabase(table = "migration_history", column = "namespace", name = "metadb"))
 * }</pre>
 *
 * <p>Wherever a backup is restored, the rows that name the database of the backup get the name of the database that it is
 * restored into, as a person does by an editor who restores into a database of another name; in the backup's other tables and
 * columns the name stays. Databases are compared with each database's own name in that column, and a copy of a database gets
 * its own. Rows that name a third database do not count. A backup that is captured names the database of {@link #name}.
 *
 * <p>For PostgreSQL, and dumps that write rows by COPY, as {@code pg_dump} does unless it is told otherwise. A dump without the
 * table is restored as it is.
 *
 * @see MetadataSnapshot#renamed
 * @since 0.1
 */
@Target({})
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface RenamedDatabase {

    /** {@return the table, one of the history, without its schema} */
    String table();

    /** {@return the column} */
    String column();

    /** {@return the name of the database that backups are of; a dump that has the table, but no row with this name, is refused} */
    String name();
}
