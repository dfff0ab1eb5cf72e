package io.github.metadatasnapshot.samples.openmetadata;

import io.github.metadatasnapshot.MetadataSnapshot;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The databases that OpenMetadata supports, its migrations, and backups of its releases that {@link BackupTest} writes. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@MetadataSnapshot(
        databases = {"postgres:17", "mysql:9.7"},
        migrator = OpenMetadata.class,
        dumpTools = {"mysqldump 8.3", "pg_dump 13.3"},
        backups = "file:target/backups/{engine}/{version}.sql")
@interface OpenMetadataSnapshot {}
