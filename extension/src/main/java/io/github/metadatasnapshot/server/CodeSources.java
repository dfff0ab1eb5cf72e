package io.github.metadatasnapshot.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Fingerprints of jars, and of directories with classes, each read once in a run. */
public final class CodeSources {

    private static final Map<Path, Optional<String>> KNOWN = new ConcurrentHashMap<>();

    private CodeSources() {}

    /** {@return the fingerprint of what a class was loaded from, empty where that is no file} */
    public static Optional<String> of(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        return source == null || source.getLocation() == null ? Optional.empty() : of(source.getLocation());
    }

    /** {@return the fingerprint of a jar or a directory, empty where it is none of this machine's} */
    public static Optional<String> of(URL location) {
        try {
            return KNOWN.computeIfAbsent(Path.of(location.toURI()), CodeSources::read);
        } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> read(Path root) {
        Fingerprint fingerprint = new Fingerprint();
        try (Stream<Path> walk = Files.walk(root)) {
            List<Path> files = walk.filter(Files::isRegularFile).sorted().toList();
            for (Path file : files) {
                fingerprint.add(root.relativize(file).toString());
                try (InputStream in = Files.newInputStream(file)) {
                    fingerprint.add(in);
                }
            }
            return Optional.of(fingerprint.hex());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
