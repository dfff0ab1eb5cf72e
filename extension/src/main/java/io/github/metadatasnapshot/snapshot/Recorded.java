package io.github.metadatasnapshot.snapshot;

import io.github.metadatasnapshot.backup.Backup;
import io.github.metadatasnapshot.engine.Version;
import java.util.Optional;

/**
 * A backup that a {@link Recording} has written.
 *
 * @param backup the backup
 * @param version its version
 * @param earlier the version of the backup that it was made from, empty where it was made by migrations alone
 * @param rows how many rows it holds
 * @param bytes the length of the file, in bytes
 * @param replaced whether it took the place of a file
 */
public record Recorded(
        Backup backup, Version version, Optional<Version> earlier, long rows, long bytes, boolean replaced) {}
