package io.github.metadatasnapshot.migration;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.flywaydb.core.api.Location;
import org.flywaydb.core.api.configuration.Configuration;
import org.flywaydb.core.api.migration.JavaMigration;
import org.jspecify.annotations.Nullable;

/**
 * Finds migrations in Java that lie where Flyway looks and that it passes over with a warning in its log: those that it cannot
 * create, as a bean without a constructor that takes nothing, and those in directories of the file system, of which it reads SQL
 * only. A product that hands them to Flyway itself runs them; a test that does not would prove the version before.
 */
final class JavaMigrationsLeftOut {

    private static final System.Logger LOG = System.getLogger("io.github.metadatasnapshot");

    private static final String CLASS = ".class";

    /** A class that is called as Flyway wants migrations to be. */
    private static final Pattern NAME = Pattern.compile("(?:.*[/.])?([VRB]\\d*(?:_\\d+)*__\\w+)(?:\\.class|\\.java)?");

    private JavaMigrationsLeftOut() {}

    /**
     * Finds them.
     *
     * @param found what Flyway calls the migrations that it has found: of one in Java, the name of its class
     * @return a class and a reason each
     */
    static List<String> find(Configuration configuration, Set<String> found, ClassLoader classLoader) {
        List<String> leftOut = new ArrayList<>();
        for (Location location : configuration.getLocations()) {
            try {
                if (location.getPrefix().equals("filesystem:")) {
                    leftOut.addAll(inDirectory(location, found));
                } else if (location.getPrefix().equals("classpath:")) {
                    leftOut.addAll(onClassPath(location, found, classLoader));
                }
            } catch (IOException | URISyntaxException e) {
                LOG.log(System.Logger.Level.DEBUG, "Flyway itself says what is wrong with " + location, e);
            }
        }
        return leftOut;
    }

    private static List<String> inDirectory(Location location, Set<String> found) throws IOException {
        Path directory = Path.of(location.getRootPath());
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        List<String> leftOut = new ArrayList<>();
        for (String file : LocationFiles.inDirectory(directory).keySet()) {
            Matcher name = NAME.matcher(file);
            if ((file.endsWith(CLASS) || file.endsWith(".java"))
                    && matches(location, directory.resolve(file).toString())
                    && name.matches()
                    && found.stream().noneMatch(each -> isOf(each, name.group(1)))) {
                leftOut.add(directory.resolve(file)
                        + " (Flyway reads SQL only from a directory of the file system: name the"
                        + " package of the class path beside it)");
            }
        }
        return leftOut;
    }

    private static boolean matches(Location location, String path) {
        // Not null-marked.
        @Nullable Pattern wildcards = location.getPathRegex();
        return wildcards == null || wildcards.matcher(path).matches();
    }

    private static boolean isOf(String found, String simpleName) {
        return found.equals(simpleName) || found.endsWith("." + simpleName) || found.endsWith("$" + simpleName);
    }

    private static List<String> onClassPath(Location location, Set<String> found, ClassLoader classLoader)
            throws IOException, URISyntaxException {
        List<String> leftOut = new ArrayList<>();
        String folder = location.getRootPath();
        for (String file : LocationFiles.onClassPath(folder, classLoader).keySet()) {
            String path = folder.isEmpty() ? file : folder + "/" + file;
            if (file.endsWith(CLASS) && matches(location, path)) {
                String name = path.substring(0, path.length() - CLASS.length()).replace('/', '.');
                // Spring's beans may be of a class made from it.
                boolean isFound = Stream.concat(
                                Stream.of(name), found.stream().filter(each -> each.startsWith(name + "$$")))
                        .anyMatch(found::contains);
                String reason = isFound ? "" : whyNot(name, classLoader);
                if (!reason.isEmpty()) {
                    leftOut.add(name + " (" + reason + ")");
                }
            }
        }
        return leftOut;
    }

    /** {@return why Flyway cannot create a migration; empty where it can, or the class is none} */
    private static String whyNot(String name, ClassLoader classLoader) {
        try {
            Class<?> type = Class.forName(name, false, classLoader);
            if (!JavaMigration.class.isAssignableFrom(type)
                    || Modifier.isAbstract(type.getModifiers())
                    || type.isEnum()
                    || type.isAnonymousClass()) {
                return "";
            }
            Constructor<?> constructor = type.getDeclaredConstructor();
            constructor.newInstance();
            return "";
        } catch (NoSuchMethodException e) {
            return "it has no constructor without parameters";
        } catch (IllegalAccessException e) {
            return "it, or its constructor, is not public";
        } catch (InvocationTargetException e) {
            return "its constructor fails: " + e.getCause();
        } catch (ClassNotFoundException | InstantiationException | LinkageError e) {
            return NAME.matcher(name).matches() ? "it cannot be loaded: " + e : "";
        }
    }
}
