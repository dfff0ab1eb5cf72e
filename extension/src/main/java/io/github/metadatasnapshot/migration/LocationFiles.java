package io.github.metadatasnapshot.migration;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** The files of a place where Flyway looks for migrations, in directories and in jars. */
final class LocationFiles {

    /** Reads a file. */
    interface Content {
        InputStream open() throws IOException;
    }

    private LocationFiles() {}

    /** Lists the files below a directory of the file system by their paths in it. */
    static SortedMap<String, Content> inDirectory(Path directory) throws IOException {
        SortedMap<String, Content> files = new TreeMap<>();
        list(directory, files);
        return files;
    }

    /**
     * Lists the files below a folder of the class path by their paths in it.
     *
     * @throws IOException if they cannot be read, or the class path has parts that are neither directories nor jars
     */
    static SortedMap<String, Content> onClassPath(String folder, ClassLoader classLoader)
            throws IOException, URISyntaxException {
        SortedMap<String, Content> files = new TreeMap<>();
        for (URL root : Collections.list(classLoader.getResources(folder))) {
            if (root.openConnection() instanceof JarURLConnection jar) {
                list(jar, folder + "/", files);
            } else if (root.getProtocol().equals("file")) {
                list(Path.of(root.toURI()), files);
            } else {
                throw new IOException("Nothing is known of " + root);
            }
        }
        return files;
    }

    private static void list(Path root, Map<String, Content> files) throws IOException {
        try (Stream<Path> walk = Files.walk(root)) {
            walk.filter(Files::isRegularFile)
                    .forEach(file -> files.put(
                            root.relativize(file).toString().replace('\\', '/'), () -> Files.newInputStream(file)));
        }
    }

    private static void list(JarURLConnection connection, String prefix, Map<String, Content> files)
            throws IOException {
        connection.setUseCaches(false);
        try (JarFile jar = connection.getJarFile()) {
            for (JarEntry entry : Collections.list(jar.entries())) {
                if (entry.getName().startsWith(prefix) && !entry.isDirectory()) {
                    URL url = new URL("jar:" + connection.getJarFileURL() + "!/" + entry.getName());
                    files.put(entry.getName().substring(prefix.length()), url::openStream);
                }
            }
        }
    }
}
