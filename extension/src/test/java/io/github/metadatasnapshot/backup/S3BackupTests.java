package io.github.metadatasnapshot.backup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.github.metadatasnapshot.MetadataDatabase;
import io.github.metadatasnapshot.MetadataSnapshot;
import io.github.metadatasnapshot.engine.TableName;
import io.github.metadatasnapshot.server.TestDatabase;
import io.github.metadatasnapshot.snapshot.Snapshot;
import io.github.metadatasnapshot.testsupport.ClassPaths;
import io.github.metadatasnapshot.testsupport.Console;
import io.github.metadatasnapshot.testsupport.Images;
import io.github.metadatasnapshot.testsupport.Library;
import io.github.metadatasnapshot.testsupport.Logs;
import io.github.metadatasnapshot.testsupport.ObjectStorage;
import io.github.metadatasnapshot.testsupport.RequiresDocker;
import io.github.metadatasnapshot.testsupport.TakesTurns;
import io.github.metadatasnapshot.testsupport.TestKit;
import io.github.metadatasnapshot.testsupport.TestServers;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Backups in object storage: S3Proxy, spoken to by the AWS SDK as a user has it. */
class S3BackupTests {

    private static final ClassLoader LOADER = S3BackupTests.class.getClassLoader();
    private static final String BUCKET = ObjectStorage.bucket();

    @TempDir
    private Path cache;

    @BeforeEach
    void logIn() {
        ObjectStorage.logIn(ObjectStorage.password());
    }

    private static String put(String key, String content) {
        return ObjectStorage.client()
                .putObject(request -> request.bucket(BUCKET).key(key), RequestBody.fromBytes(content.getBytes(UTF_8)))
                .eTag();
    }

    private static void delete(String key) {
        ObjectStorage.client().deleteObject(request -> request.bucket(BUCKET).key(key));
    }

    private static List<String> keys() {
        return ObjectStorage.client().listObjectsV2(request -> request.bucket(BUCKET)).contents().stream()
                .map(S3Object::key)
                .toList();
    }

    private static S3Upload begin(String key) {
        try {
            return S3Upload.begin(S3Location.of("s3://" + BUCKET + "/" + key), ObjectStorage.settings());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<MultipartUpload> uploads() {
        return ObjectStorage.client()
                .listMultipartUploads(request -> request.bucket(BUCKET))
                .uploads();
    }

    private static void deleteUploads() {
        uploads()
                .forEach(left -> ObjectStorage.client()
                        .abortMultipartUpload(request ->
                                request.bucket(BUCKET).key(left.key()).uploadId(left.uploadId())));
    }

    private static void assertNoUploadIsLeft() {
        assertThat(uploads()).isEmpty();
    }

    private Backup locate(String location) {
        return Backup.locate(location, LOADER, Optional.of(cache), ObjectStorage.settings());
    }

    private static String read(Backup backup) throws IOException {
        try (InputStream in = backup.openRaw()) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    private static String sha256(String content) {
        Sha256 hash = new Sha256();
        hash.update(content.getBytes(UTF_8), 0, content.length());
        return hash.hex();
    }

    @Test
    void isReadOnceAndIsTheSameForTheWholeRun() throws IOException {
        put("once/1.2.sql", "SELECT 1;\n");
        String location = "s3://" + BUCKET + "/once/1.2.sql";

        Backup backup = locate(location);
        assertThat(backup.name()).isEqualTo(location);
        assertThat(read(backup)).isEqualTo("SELECT 1;\n");

        put("once/1.2.sql", "SELECT 2;\n");
        assertThat(read(locate(location))).isEqualTo("SELECT 1;\n");
        delete("once/1.2.sql");
        assertThat(read(locate(location))).isEqualTo("SELECT 1;\n");

        // As the next run does.
        put("once/1.2.sql", "SELECT 2;\n");
        S3Backup.forget(S3Location.of(location), ObjectStorage.settings());
        assertThat(read(locate(location))).isEqualTo("SELECT 2;\n");
        put("once/1.2.sql", "SELECT 1;\n");
        S3Backup.forget(S3Location.of(location), ObjectStorage.settings());
        assertThat(read(locate(location))).isEqualTo("SELECT 1;\n");
    }

    @Test
    void whatWasChangedInTheCacheIsReadAgain() throws IOException {
        put("changed.sql", "SELECT 1;\n");
        String location = "s3://" + BUCKET + "/changed.sql";
        locate(location);
        try (Stream<Path> files = Files.list(cache)) {
            Files.writeString(
                    files.filter(file -> file.toString().endsWith("-changed.sql"))
                            .findFirst()
                            .orElseThrow(),
                    "something else");
        }
        assertThat(read(locate(location))).isEqualTo("SELECT 1;\n");
    }

    @Test
    void isPinnedByItsHash() throws IOException {
        put("hash.sql", "SELECT 1;\n");
        String location = "s3://" + BUCKET + "/hash.sql#sha256=" + sha256("SELECT 1;\n");

        assertThat(read(locate(location))).isEqualTo("SELECT 1;\n");
        delete("hash.sql");
        assertThat(read(locate(location))).isEqualTo("SELECT 1;\n");

        put("hash.sql", "SELECT 2;\n");
        String other = sha256("SELECT 3;\n");
        assertThatThrownBy(() -> locate("s3://" + BUCKET + "/hash.sql#sha256=" + other))
                .isInstanceOf(BackupException.class)
                .hasMessageStartingWith("s3://" + BUCKET + "/hash.sql is not the file that was pinned: it has the"
                        + " SHA-256 " + sha256("SELECT 2;\n") + " and 10 bytes, the location demands " + other);
    }

    @Test
    void isPinnedByItsEntityTag() throws IOException {
        String tag = put("tag.sql", "SELECT 1;\n");
        String location = "s3://" + BUCKET + "/tag.sql#etag=" + tag.replace("\"", "");

        put("tag.sql", "SELECT 2;\n");
        assertThatThrownBy(() -> locate(location))
                .isInstanceOf(BackupException.class)
                .hasMessage("s3://" + BUCKET + "/tag.sql is not the object that was pinned by etag " + tag
                        + ": it was replaced; where the new one is meant, pin that");

        put("tag.sql", "SELECT 1;\n");
        assertThat(read(locate(location))).isEqualTo("SELECT 1;\n");
    }

    /** S3Proxy keeps no versions: a server that answers as one does that keeps them. */
    @Test
    void isPinnedByItsVersion() throws IOException {
        List<String> requests = new CopyOnWriteArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            exchange.getResponseHeaders().add("x-amz-version-id", "3x");
            exchange.getResponseHeaders().add("ETag", "\"0\"");
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(200, head ? -1 : 9);
            if (!head) {
                exchange.getResponseBody().write("SELECT 1;".getBytes(UTF_8));
            }
            exchange.close();
        });
        server.start();
        try {
            S3Settings versioned = new S3Settings(
                    Optional.of(
                            URI.create("http://localhost:" + server.getAddress().getPort())),
                    true);
            for (String location : List.of("s3://versioned/a.sql#versionId=3x", "s3://versioned/a.sql")) {
                assertThat(read(Backup.locate(location, LOADER, Optional.of(cache), versioned)))
                        .isEqualTo("SELECT 1;");
            }
            // The second is found to be the version that is here already.
            assertThat(requests).containsExactly("GET /versioned/a.sql?versionId=3x", "HEAD /versioned/a.sql");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void whatIsNotThereIsNamed() {
        assertThatThrownBy(() -> locate("s3://" + BUCKET + "/none.sql"))
                .isInstanceOf(BackupException.class)
                .hasMessage(
                        "There is no backup s3://" + BUCKET + "/none.sql: there is no such object, or no such bucket");
        assertThatThrownBy(() -> locate("s3://" + BUCKET + "/none.sql#etag=1"))
                .isInstanceOf(BackupException.class)
                .hasMessageStartingWith(
                        "s3://" + BUCKET + "/none.sql cannot be downloaded: the server answered 404 NoSuchKey");
        assertThatThrownBy(() -> SnapshotCapture.from("jdbc:postgresql://localhost:1/db", "user", "secret")
                        .to("s3://no-such-bucket/a.sql", ObjectStorage.settings()))
                .isInstanceOf(BackupException.class)
                .hasMessageStartingWith(
                        "s3://no-such-bucket/a.sql cannot be written: the server answered 404 NoSuchBucket");
    }

    @Test
    void wrongCredentialsAreToldWithoutThem() {
        ObjectStorage.logIn("wrong-secret");
        String printed = Console.text(() -> {
            assertThatThrownBy(() -> locate("s3://" + BUCKET + "/any.sql"))
                    .isInstanceOf(BackupException.class)
                    .hasMessageStartingWith("s3://" + BUCKET + "/any.sql cannot be looked at: the server answered 403")
                    .hasMessageContaining("The credentials that the SDK found do not allow it")
                    .hasStackTraceContaining("S3Exception")
                    .satisfies(S3BackupTests::holdsNoSecret);
            assertThatThrownBy(() -> SnapshotCapture.from("jdbc:postgresql://localhost:1/db", "user", "secret")
                            .to("s3://" + BUCKET + "/any.sql", ObjectStorage.settings()))
                    .isInstanceOf(BackupException.class)
                    .hasMessageStartingWith("s3://" + BUCKET + "/any.sql cannot be written: the server answered 403")
                    .satisfies(S3BackupTests::holdsNoSecret);
        });
        assertThat(printed).doesNotContain("wrong-secret", ObjectStorage.password());
    }

    private static void holdsNoSecret(Throwable e) {
        assertThat(e).hasStackTraceContaining("BackupException");
        java.io.StringWriter trace = new java.io.StringWriter();
        e.printStackTrace(new java.io.PrintWriter(trace));
        assertThat(trace.toString()).doesNotContain("wrong-secret", ObjectStorage.password());
    }

    @Test
    void nobodyThereIsNamed() {
        S3Settings nobody = new S3Settings(Optional.of(URI.create("http://localhost:1")), true);
        assertThatThrownBy(() -> Backup.locate("s3://" + BUCKET + "/any.sql", LOADER, Optional.of(cache), nobody))
                .isInstanceOf(BackupException.class)
                .hasMessageStartingWith("s3://" + BUCKET + "/any.sql cannot be looked at: ")
                .hasMessageContaining("onnect");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            s3:backups/1.2.sql             | The backup s3:backups/1.2.sql is no object of S3, which is written s3://bucket/key
            s3:/backups/1.2.sql            | The backup s3:/backups/1.2.sql is no object of S3, which is written s3://bucket/key
            s3://backups                   | The backup s3://backups is no object of S3, which is written s3://bucket/key
            s3:///1.2.sql                  | '' is no name of a bucket
            S3://Backups/1.2.sql           | 'Backups' is no name of a bucket, which has 3 to 63 lower-case letters, digits, dots and hyphens
            s3://backups/                  | it names no key
            s3://backups/old/              | its key ends with a slash
            s3://backups/a.sql?versionId=1 | it has a query. A version is pinned by #versionId=
            s3://backups/a.sql#            | '#' pins nothing: #sha256=<64 hexadecimal digits>, #versionId=… and #etag=… do
            s3://backups/a.sql#sha256=12   | '#sha256=12' pins nothing
            s3://backups/a.sql#md5=12      | '#md5=12' pins nothing
            s3://AKIA:hush/x@backups/a.sql | The backup s3://… names credentials, or a port. Leave them out
            s3://hush@backups/a.sql        | The backup s3://… names credentials, or a port. Leave them out
            s3://storage:9000/backups/a    | a server other than AWS from the setting metadatasnapshot.s3.endpoint
            """)
    void whatIsNoLocationIsAnError(String location, String message) {
        assertThatThrownBy(() -> locate(location))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("hush");
        assertThat(cache).isEmptyDirectory();
    }

    @Test
    void aPinnedLocationIsNotWrittenTo() {
        assertThatThrownBy(() -> SnapshotCapture.from("jdbc:postgresql://localhost:1/db", "user", "secret")
                        .to("s3://" + BUCKET + "/a.sql#etag=1", ObjectStorage.settings()))
                .isInstanceOf(BackupException.class)
                .hasMessage("s3://" + BUCKET + "/a.sql is to be written, but is pinned by etag \"1\": leave out what"
                        + " stands behind the #");
    }

    @Test
    void theMissingSdkIsNamed() throws Exception {
        try (URLClassLoader without = ClassPaths.withoutClass("software.amazon.awssdk.services.s3.S3Client")) {
            var method = without.loadClass(S3BackupTests.class.getName() + "$WithoutSdk")
                    .getDeclaredMethod("locate", String.class);
            method.setAccessible(true);
            assertThatThrownBy(() -> method.invoke(null, cache.toString()))
                    .isInstanceOf(InvocationTargetException.class)
                    .cause()
                    .hasMessage(
                            "s3://backups/1.2.sql is read and written by the AWS SDK for Java 2, which is not on the"
                                    + " class path: add software.amazon.awssdk:s3 to the dependencies of the tests");
        }
    }

    static class WithoutSdk {
        static void locate(String cache) {
            Backup.locate(
                    "s3://backups/1.2.sql",
                    WithoutSdk.class.getClassLoader(),
                    Optional.of(Path.of(cache)),
                    S3Settings.DEFAULT);
        }
    }

    private static Map<TableName, List<String>> content(TestDatabase database) throws SQLException {
        Map<TableName, List<String>> content = new TreeMap<>();
        try (Connection connection = database.open()) {
            for (TableName table : database.engine().tables(connection)) {
                List<String> rows = new ArrayList<>(Library.query(
                        database, "SELECT * FROM " + database.engine().quote(table)));
                rows.sort(null);
                content.put(table, rows);
            }
        }
        return content;
    }

    @RequiresDocker
    @ParameterizedTest
    @Images({"postgres:17", "mysql:9.7", "mariadb:11.8"})
    void aDumpIsStreamedThereAndRestored(String image) throws Exception {
        var server = TestServers.container(image);
        // Compressed in each way, and not at all.
        String key = "streamed/a.sql"
                + Map.of("postgres", ".gz", "mysql", ".zst", "mariadb", "").get(image.substring(0, image.indexOf(":")));
        String location = "s3://" + BUCKET + "/" + key;
        put(key, "what was there before");
        try (TestDatabase source = Library.create(server, "2")) {
            CaptureInfo info = SnapshotCapture.from(source).to(location, ObjectStorage.settings());
            assertThat(info.version()).isEqualTo("2");
            assertNoUploadIsLeft();

            Snapshot start =
                    new Snapshot(Library.migrator(server.engine()), Optional.of("2"), Optional.of(locate(location)));
            try (TestDatabase restored = start.create(server)) {
                assertThat(content(restored)).isEqualTo(content(source));
            }
        }
    }

    @RequiresDocker
    @TakesTurns(of = 2)
    @Test
    void isSentInParts() throws Exception {
        var server = TestServers.container("postgres:17");
        String location = "s3://" + BUCKET + "/parts.sql";
        try (TestDatabase source = Library.create(server, "2")) {
            fill(source);
            SnapshotCapture.from(source).to(location, ObjectStorage.settings());

            HeadObjectResponse head = ObjectStorage.client()
                    .headObject(request -> request.bucket(BUCKET).key("parts.sql"));
            assertThat(head.contentLength()).isBetween(2L * S3Upload.PART_BYTES, 3L * S3Upload.PART_BYTES);
            BackupInfo info = locate(location).inspect(server.engine(), "flyway_schema_history", Optional.empty());
            assertThat(info.rows()).containsEntry(new TableName("public", "a_large"), 440_000L);
        }
    }

    private static void fill(TestDatabase source) {
        Library.execute(
                source, "CREATE TABLE a_large AS SELECT i, md5(i::text) AS hash FROM generate_series(1, 440000) i");
    }

    @RequiresDocker
    @Test
    void aDumpThatBreaksOffLeavesNothing() throws Exception {
        put("broken.sql", "as it was");
        try (TestDatabase source = Library.create(TestServers.container("postgres:17"), "2")) {
            fill(source);
            // pg_dump reaches it after a_large, and may not read all of it. The container's own user could.
            String user = "u" + source.name().substring(8);
            Library.execute(
                    source,
                    "CREATE TABLE z_last (i int)",
                    "ALTER TABLE z_last ENABLE ROW LEVEL SECURITY",
                    "CREATE USER " + user + " PASSWORD 'secret!1' IN ROLE pg_read_all_data");
            assertThatThrownBy(() -> SnapshotCapture.from(source.jdbcUrl(), user, "secret!1")
                            .to("s3://" + BUCKET + "/broken.sql", ObjectStorage.settings()))
                    .isInstanceOf(BackupException.class)
                    .hasMessageStartingWith("Nothing was captured. pg_dump ended with status 1: ")
                    .hasMessageContaining("row-level security policy for table \"z_last\"")
                    .hasMessageEndingWith("The upload to s3://" + BUCKET + "/broken.sql was aborted after 2 parts"
                            + " (16777216 bytes) had been sent: what lay there is as it was")
                    .hasMessageNotContaining("secret!1")
                    .satisfies(S3BackupTests::holdsNoSecret);
            Library.execute(source, "DROP USER " + user);
        }
        assertNoUploadIsLeft();
        assertThat(read(locate("s3://" + BUCKET + "/broken.sql"))).isEqualTo("as it was");
    }

    @RequiresDocker
    @TakesTurns(of = 3)
    @Test
    void credentialsThatRunOutMeanwhileEndTheDump() throws Exception {
        try (TestDatabase source = Library.create(TestServers.container("postgres:17"), "2");
                S3Upload upload = begin("late.sql")) {
            fill(source);
            OutputStream content = new FilterOutputStream(upload.content()) {
                private long written;

                @Override
                public void write(byte[] bytes, int offset, int count) throws IOException {
                    written += count;
                    if (written > S3Upload.PART_BYTES + count) {
                        ObjectStorage.logIn("wrong-secret");
                    }
                    out.write(bytes, offset, count);
                }
            };

            assertThatThrownBy(() -> SnapshotCapture.from(source).to(content))
                    .isInstanceOf(BackupException.class)
                    .hasMessageStartingWith("s3://" + BUCKET + "/late.sql cannot be written: ")
                    .satisfies(S3BackupTests::holdsNoSecret);
            ObjectStorage.logIn(ObjectStorage.password());
            assertThat(upload.abort())
                    .isEqualTo("The upload to s3://" + BUCKET
                            + "/late.sql was aborted after 1 part (8388608 bytes) had been sent: what lay there is as"
                            + " it was");
        }
        assertNoUploadIsLeft();
    }

    @Test
    void whatIsNotTakenIsToldWithWhatWasSent() throws Exception {
        try (S3Upload upload = begin("refused.sql")) {
            upload.content().write(new byte[S3Upload.PART_BYTES + 1]);
            // As credentials that run out.
            ObjectStorage.logIn("wrong-secret");

            assertThatThrownBy(() -> upload.content().write(new byte[S3Upload.PART_BYTES]))
                    .isInstanceOf(BackupException.class)
                    .hasMessageStartingWith("s3://" + BUCKET + "/refused.sql cannot be written: ");
            assertThat(upload.abort())
                    .matches("The upload to s3://" + BUCKET
                            + "/refused.sql was broken off after 1 part \\(8388608 bytes\\)"
                            + " had been sent, which stay as parts of upload \\S+ until a rule of the bucket deletes"
                            + " them \\(AbortIncompleteMultipartUpload\\): s3://" + BUCKET
                            + "/refused.sql cannot be aborted: the server answered 403.*");
        }
        deleteUploads();
        assertThat(keys()).doesNotContain("refused.sql");
    }

    @Test
    void anUploadThatIsGoneIsToldAsThat() throws Exception {
        try (S3Upload upload = begin("gone.sql")) {
            upload.content().write(new byte[S3Upload.PART_BYTES]);
            // As a rule of the bucket does.
            deleteUploads();

            assertThatThrownBy(() -> upload.complete(true))
                    .isInstanceOf(BackupException.class)
                    .hasMessageStartingWith("s3://" + BUCKET + "/gone.sql cannot be written: the server answered 404 ");
            assertThat(upload.abort())
                    .startsWith("The upload to s3://" + BUCKET
                            + "/gone.sql was broken off after 1 part (8388608 bytes) had been sent, and there is no"
                            + " upload ")
                    .endsWith(" any more: it was aborted by another, or completed without an answer");
        }
        assertThat(keys()).doesNotContain("gone.sql");
    }

    @Test
    void whatAKilledJvmLeavesIsNamed() throws Exception {
        List<S3Upload> begun = new ArrayList<>();
        List<String> logged = Logs.of(Level.INFO, () -> begun.add(begin("killed.sql")));
        try (S3Upload upload = begun.get(0)) {
            upload.content().write(new byte[S3Upload.PART_BYTES]);

            assertThat(uploads())
                    .singleElement()
                    .satisfies(left -> assertThat(logged)
                            .containsExactly("Uploading s3://" + BUCKET
                                    + "/killed.sql. If this JVM is killed, what it has sent"
                                    + " stays as parts of upload " + left.uploadId()
                                    + " until a rule of the bucket deletes them (AbortIncompleteMultipartUpload)"));
        }
        assertNoUploadIsLeft();
    }

    @Test
    void aPartThatIsFullIsTheLast() throws Exception {
        try (S3Upload upload = begin("full.sql")) {
            upload.content().write(new byte[S3Upload.PART_BYTES]);
            upload.content().close();
            String id = uploads().get(0).uploadId();
            assertThat(ObjectStorage.client()
                            .listParts(request ->
                                    request.bucket(BUCKET).key("full.sql").uploadId(id))
                            .parts())
                    .extracting(Part::size)
                    .containsExactly((long) S3Upload.PART_BYTES);
            assertThat(upload.complete(true)).isTrue();
        }
        assertThat(keys()).contains("full.sql");
    }

    @Test
    void oneThatIsThereIsNotReplacedUnlessAskedFor() throws Exception {
        try (S3Upload upload = begin("there.sql")) {
            upload.content().write(1);
            put("there.sql", "written meanwhile");
            assertThat(upload.complete(false)).isFalse();
        }
        assertNoUploadIsLeft();
        assertThat(read(locate("s3://" + BUCKET + "/there.sql"))).isEqualTo("written meanwhile");
    }

    @RequiresDocker
    @TakesTurns(of = 2)
    @Test
    void anAnnotationNamesOne() {
        Map<String, String> settings = TestKit.external();
        settings.put(
                "metadatasnapshot.s3.endpoint",
                ObjectStorage.settings().endpoint().orElseThrow().toString());
        settings.put("metadatasnapshot.s3.path-style", "true");
        settings.put("metadatasnapshot.cache.directory", cache.toString());
        ObjectStorage.client().createBucket(request -> request.bucket("annotated"));

        assertThat(TestKit.failure(TestKit.run(AnnotatedTestCases.class, settings)))
                .hasMessageContaining(
                        "There is no backup s3://annotated/2.sql.gz: there is no such object, or no such bucket");

        settings.put("metadatasnapshot.capture", "missing");
        String printed =
                Console.text(() -> TestKit.assertAllSucceeded(TestKit.run(AnnotatedTestCases.class, settings), 1));
        assertThat(printed)
                .contains("captured s3://annotated/2.sql.gz: version 2, from migrations alone, ")
                .doesNotContain(ObjectStorage.password());

        settings.remove("metadatasnapshot.capture");
        TestKit.assertAllSucceeded(TestKit.run(AnnotatedTestCases.class, settings), 1);
        assertThat(ObjectStorage.client()
                        .listObjectsV2(request -> request.bucket("annotated"))
                        .contents())
                .extracting(S3Object::key)
                .contains("2.sql.gz", "copy.sql");
    }

    @MetadataSnapshot(
            database = "postgres:17",
            version = "2",
            backup = "s3://annotated/2.sql.gz",
            locations = "migrations/library/{engine}")
    static class AnnotatedTestCases {
        @Test
        void test(MetadataDatabase database) throws SQLException {
            assertThat(database.version()).contains("2");
            database.capture("s3://annotated/copy.sql");
        }
    }
}
