package io.github.metadatasnapshot.samples.catalog;

import io.github.metadatasnapshot.MetadataSnapshot;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The databases that the catalogue supports, and where its migrations and the backups of its releases lie. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@MetadataSnapshot(
        databases = {"postgres:13", "postgres:17", "postgres:18", "mysql:9.7", "mariadb:11.8"},
        locations = "db/migration/{engine}",
        backups = "backups/{engine}/{version}.sql.gz")
@interface CatalogSnapshot {}
