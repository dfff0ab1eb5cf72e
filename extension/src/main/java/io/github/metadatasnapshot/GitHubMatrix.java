package io.github.metadatasnapshot;

import static java.util.stream.Collectors.joining;

import io.github.metadatasnapshot.server.ServerSpec;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Prints a matrix for GitHub Actions: an entry for each database of test classes, and each shard of it. The class path is that
 * of the tests.
 *
 * <pre>{@code
 * java -cp … io.github.metadatasnapshot.GitHubMatrix --shards 2 org.example.CatalogCompatibilityTest
 * {"include":[{"database":"postgres:17","shard":"1/2"},{"database":"postgres:17","shard":"2/2"}]}
 * }</pre>
 *
 * <p>A job takes the entry by the settings {@link Settings#DATABASES} and {@link Settings#SHARD}.
 *
 * @since 0.1
 */
public final class GitHubMatrix {

    private static final int MOST_ENTRIES = 256;

    private GitHubMatrix() {}

    /**
     * Prints the matrix on the standard output, in one line.
     *
     * @param arguments the names of classes that carry {@link MetadataSnapshot}, in any order; and perhaps {@code --shards}
     *     and the number of shards for each database, by default 1
     */
    public static void main(String[] arguments) {
        try {
            System.out.println(json(List.of(arguments)));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    static String json(List<String> arguments) {
        List<String> classes = new ArrayList<>(arguments);
        int option = classes.indexOf("--shards");
        int shards = 1;
        if (option >= 0) {
            String count = option + 1 < classes.size() ? classes.get(option + 1) : "";
            if (!count.matches("[1-9]\\d{0,2}")) {
                throw new IllegalArgumentException("--shards '" + count + "': it takes a number from 1 on");
            }
            shards = Integer.parseInt(count);
            classes.subList(option, option + 2).clear();
        }
        if (classes.isEmpty()) {
            throw new IllegalArgumentException(
                    "Which tests? Name the classes that carry @MetadataSnapshot: [--shards 2] org.example.CatalogTest …");
        }
        Set<String> databases = new LinkedHashSet<>();
        classes.forEach(name -> databases.addAll(databases(name)));
        List<String> entries = new ArrayList<>();
        for (String database : databases) {
            for (int shard = 1; shard <= shards; shard++) {
                entries.add("{\"database\":\"" + database + "\",\"shard\":\"" + shard + "/" + shards + "\"}");
            }
        }
        if (entries.size() > MOST_ENTRIES) {
            throw new IllegalArgumentException("There are " + entries.size() + " jobs, of which GitHub runs "
                    + MOST_ENTRIES + " at most: take fewer shards");
        }
        return entries.stream().collect(joining(",", "{\"include\":[", "]}"));
    }

    private static List<String> databases(String className) {
        Class<?> named;
        try {
            named = Class.forName(className, false, Thread.currentThread().getContextClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            throw new IllegalArgumentException(
                    "There is no class " + className + " on the class path, which has to be that of the tests", e);
        }
        for (Class<?> type = named; type != null; type = type.getEnclosingClass()) {
            Optional<MetadataSnapshot> found = AnnotationSupport.findAnnotation(type, MetadataSnapshot.class);
            List<String> databases = found.map(
                            each -> each.database().isEmpty() ? List.of(each.databases()) : List.of(each.database()))
                    .orElse(List.of());
            if (!databases.isEmpty()) {
                // Throws where one is none; an image's name has no character that JSON takes for another.
                databases.forEach(ServerSpec::parse);
                return databases;
            }
        }
        throw new IllegalArgumentException(className + " names no database in @MetadataSnapshot");
    }
}
