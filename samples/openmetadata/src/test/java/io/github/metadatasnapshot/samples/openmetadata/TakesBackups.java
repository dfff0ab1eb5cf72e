package io.github.metadatasnapshot.samples.openmetadata;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIf;

/** Tests that restore what {@link BackupTest} has written. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@EnabledIf(
        value = "io.github.metadatasnapshot.samples.openmetadata.BackupTest#hasWrittenBackups",
        disabledReason = "BackupTest has written no backups: it takes a Docker engine, and runs in the same command")
@interface TakesBackups {}
