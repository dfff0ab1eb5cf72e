package io.github.metadatasnapshot.backup;

import java.net.URI;
import java.util.Optional;

/**
 * How object storage is reached. Credentials and region are none of it: they come from the AWS SDK's own chains.
 *
 * @param endpoint where it is, {@code http} or {@code https}; empty for AWS, or what the SDK's own configuration says
 *     ({@code AWS_ENDPOINT_URL_S3})
 * @param pathStyle whether buckets are named in the path ({@code https://host/bucket/key}) instead of the host's name, as
 *     many servers other than AWS demand
 */
public record S3Settings(Optional<URI> endpoint, boolean pathStyle) {

    /** AWS, or what the SDK's own configuration says. */
    public static final S3Settings DEFAULT = new S3Settings(Optional.empty(), false);

    /**
     * Connects.
     *
     * @param location what it is for
     * @throws BackupException if the AWS SDK is missing, or has no region or no credentials
     */
    S3Store open(S3Location location) {
        try {
            return new S3Store(this, location);
        } catch (NoClassDefFoundError e) {
            throw new BackupException(
                    location.name() + " is read and written by the AWS SDK for Java 2, which is not on the class path:"
                            + " add software.amazon.awssdk:s3 to the dependencies of the tests",
                    e);
        }
    }
}
