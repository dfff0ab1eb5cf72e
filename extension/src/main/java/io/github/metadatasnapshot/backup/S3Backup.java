package io.github.metadatasnapshot.backup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A backup in object storage: downloaded once, and kept on disk. Without a pin it is the content that is there when a run
 * first reads it, known by its version or its entity tag.
 */
final class S3Backup {

    /** An object that is read without a pin. */
    private record Place(S3Settings settings, S3Location location) {}

    /** What objects without a pin held when this run first read them. */
    private static final Map<Place, S3Location.Pin> FOUND = new ConcurrentHashMap<>();

    private final S3Location location;
    private final S3Settings settings;
    private final DownloadCache cache;

    S3Backup(S3Location location, S3Settings settings, Path cache) {
        this.location = location;
        this.settings = settings;
        this.cache = new DownloadCache(cache);
    }

    String name() {
        return location.name();
    }

    /**
     * Returns the file, and downloads it where it is not in the cache.
     *
     * @throws BackupException if it cannot be downloaded, or is another than the pin says
     */
    Path file() {
        S3Location.Pin pin =
                location.pin().orElseGet(() -> FOUND.computeIfAbsent(new Place(settings, location), place -> find()));
        if (pin.mark() == S3Location.Mark.SHA256) {
            return cache.ofHash(pin.value(), name(), part -> download(pin, part));
        }
        Sha256 mark = new Sha256();
        for (String each :
                new String[] {settings.endpoint().map(Object::toString).orElse(""), name(), S3Location.describe(pin)}) {
            byte[] bytes = (each + "\n").getBytes(UTF_8);
            mark.update(bytes, 0, bytes.length);
        }
        return cache.ofMark("s3-" + mark.hex(), name(), part -> download(pin, part));
    }

    private S3Location.Pin find() {
        try (S3Store store = settings.open(location)) {
            return store.look()
                    .orElseThrow(() -> new BackupException(
                            "There is no backup " + name() + ": there is no such object, or no such bucket"));
        }
    }

    private void download(S3Location.Pin pin, Path part) {
        try (S3Store store = settings.open(location)) {
            store.download(pin, part);
        }
    }

    /** Forgets what an object held, because it is written anew. */
    static void forget(S3Location location, S3Settings settings) {
        FOUND.remove(new Place(settings, location));
    }
}
