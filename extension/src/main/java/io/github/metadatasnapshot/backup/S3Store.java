package io.github.metadatasnapshot.backup;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** An object by the AWS SDK: the only class that uses it, loaded for locations of S3 only. */
final class S3Store implements AutoCloseable {

    private static final int NOT_FOUND = 404;
    private static final int PRECONDITION_FAILED = 412;
    private static final String BINARY = "application/octet-stream";

    private final S3Location location;
    private final S3Client client;

    S3Store(S3Settings settings, S3Location location) {
        this.location = location;
        // Others than AWS do not know all checksums that the SDK sends by default, and AWS_ENDPOINT_URL_S3 may name
        // one.
        S3ClientBuilder builder = S3Client.builder()
                .forcePathStyle(settings.pathStyle())
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
        settings.endpoint().ifPresent(builder::endpointOverride);
        try {
            this.client = builder.build();
        } catch (SdkException e) {
            throw failure("cannot be reached", e);
        }
    }

    /** {@return what the object holds now: its version, or its entity tag; empty where there is none} */
    Optional<S3Location.Pin> look() {
        try {
            HeadObjectResponse head = client.headObject(
                    request -> request.bucket(location.bucket()).key(location.key()));
            // "null" is the version of an object that was written while the bucket kept none.
            String version = head.versionId();
            return Optional.of(
                    version == null || version.equals("null")
                            ? new S3Location.Pin(S3Location.Mark.ETAG, head.eTag())
                            : new S3Location.Pin(S3Location.Mark.VERSION_ID, version));
        } catch (SdkException e) {
            if (status(e) == NOT_FOUND) {
                return Optional.empty();
            }
            throw failure("cannot be looked at", e);
        }
    }

    /**
     * Downloads the object into a file that is not there yet.
     *
     * @throws BackupException if it cannot be downloaded, or holds something else than the pin says
     */
    void download(S3Location.Pin pin, Path file) {
        GetObjectRequest.Builder request =
                GetObjectRequest.builder().bucket(location.bucket()).key(location.key());
        switch (pin.mark()) {
            case VERSION_ID -> request.versionId(pin.value());
            case ETAG -> request.ifMatch(pin.value());
            case SHA256 -> {}
        }
        try {
            client.getObject(request.build(), ResponseTransformer.toFile(file));
        } catch (SdkException e) {
            if (status(e) == PRECONDITION_FAILED) {
                throw new BackupException(
                        location.name() + " is not the object that was pinned by " + S3Location.describe(pin)
                                + ": it was replaced; where the new one is meant, pin that",
                        e);
            }
            throw failure("cannot be downloaded", e);
        }
    }

    /** {@return the identifier of a new upload} */
    String begin() {
        try {
            return client.createMultipartUpload(request -> request.bucket(location.bucket())
                            .key(location.key())
                            .contentType(BINARY))
                    .uploadId();
        } catch (SdkException e) {
            throw failure("cannot be written", e);
        }
    }

    /**
     * Uploads a part.
     *
     * @param number its number, from 1
     * @return its entity tag
     */
    String upload(String uploadId, int number, byte[] bytes, int length) {
        try {
            return client.uploadPart(
                            request -> request.bucket(location.bucket())
                                    .key(location.key())
                                    .uploadId(uploadId)
                                    .partNumber(number),
                            RequestBody.fromContentProvider(
                                    () -> new ByteArrayInputStream(bytes, 0, length), length, BINARY))
                    .eTag();
        } catch (SdkException e) {
            throw failure("cannot be written", e);
        }
    }

    /**
     * Makes the object of its parts.
     *
     * @param replace whether it takes the place of one that is there
     * @return whether it was made; not where one is there that may not be replaced
     */
    boolean complete(String uploadId, List<String> etags, boolean replace) {
        CompleteMultipartUploadRequest.Builder request = CompleteMultipartUploadRequest.builder()
                .bucket(location.bucket())
                .key(location.key())
                .uploadId(uploadId)
                .multipartUpload(upload -> upload.parts(IntStream.range(0, etags.size())
                        .mapToObj(i -> CompletedPart.builder()
                                .partNumber(i + 1)
                                .eTag(etags.get(i))
                                .build())
                        .toList()));
        if (!replace) {
            // AWS holds to the condition; some others do not know it.
            if (look().isPresent()) {
                return false;
            }
            request.ifNoneMatch("*");
        }
        try {
            client.completeMultipartUpload(request.build());
            return true;
        } catch (SdkException e) {
            if (!replace && status(e) == PRECONDITION_FAILED) {
                return false;
            }
            throw failure("cannot be written", e);
        }
    }

    /**
     * Deletes the parts of an upload that is not completed.
     *
     * @return whether there was such an upload
     */
    boolean abort(String uploadId) {
        try {
            client.abortMultipartUpload(request ->
                    request.bucket(location.bucket()).key(location.key()).uploadId(uploadId));
            return true;
        } catch (SdkException e) {
            if (status(e) == NOT_FOUND) {
                return false;
            }
            throw failure("cannot be aborted", e);
        }
    }

    private static int status(SdkException e) {
        return e instanceof S3Exception answer ? answer.statusCode() : 0;
    }

    private BackupException failure(String what, SdkException e) {
        return new BackupException(location.name() + " " + what + ": " + describe(e), e);
    }

    private static String describe(SdkException e) {
        if (!(e instanceof S3Exception answer)) {
            return e.getMessage() + hint(String.valueOf(e.getMessage()));
        }
        // An answer to HEAD has no text.
        AwsErrorDetails details = answer.awsErrorDetails();
        String code = details == null || details.errorCode() == null ? "" : " " + details.errorCode();
        String text = details == null || details.errorMessage() == null ? "" : ": " + details.errorMessage();
        return "the server answered " + answer.statusCode() + code + text
                + switch (answer.statusCode()) {
                    case 301 -> ". The bucket is in another region than the SDK's: set AWS_REGION";
                    case 403 ->
                        ". The credentials that the SDK found do not allow it; or there is no such object, which is said"
                                + " only to those who may list the bucket (s3:ListBucket)";
                    default -> "";
                };
    }

    private static String hint(String message) {
        if (message.contains("Unable to load credentials")) {
            return ". Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE";
        }
        if (message.contains("Unable to load region")) {
            return ". Set AWS_REGION";
        }
        return message.contains("Unable to load an HTTP implementation")
                ? ". Add software.amazon.awssdk:url-connection-client to the dependencies of the tests"
                : "";
    }

    @Override
    public void close() {
        client.close();
    }
}
