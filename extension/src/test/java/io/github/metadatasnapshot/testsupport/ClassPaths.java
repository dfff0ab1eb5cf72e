package io.github.metadatasnapshot.testsupport;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** Class paths that lack what a user's may lack. */
public final class ClassPaths {

    private ClassPaths() {}

    /** {@return the class path of the tests without the jars whose names begin with a text, but with others} */
    public static URLClassLoader without(String jar, Path... others) {
        return of(path -> !path.getFileName().toString().startsWith(jar), others);
    }

    /** {@return the class path of the tests without the jars that hold a class, but with others} */
    public static URLClassLoader withoutClass(String name, Path... others) {
        String entry = name.replace('.', '/') + ".class";
        return of(
                path -> {
                    if (Files.isDirectory(path)) {
                        return true;
                    }
                    try (JarFile jar = new JarFile(path.toFile())) {
                        return jar.getEntry(entry) == null;
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                others);
    }

    private static URLClassLoader of(Predicate<Path> filter, Path... others) {
        URL[] urls = Stream.concat(
                        Stream.of(others),
                        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                                .map(Path::of)
                                .filter(filter))
                .map(path -> {
                    try {
                        return path.toUri().toURL();
                    } catch (MalformedURLException e) {
                        throw new IllegalArgumentException(e);
                    }
                })
                .toArray(URL[]::new);
        return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
    }
}
