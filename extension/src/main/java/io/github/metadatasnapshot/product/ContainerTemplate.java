package io.github.metadatasnapshot.product;

import io.github.metadatasnapshot.engine.Version;
import io.github.metadatasnapshot.server.CommandContainer;
import io.github.metadatasnapshot.server.ServerException;
import io.github.metadatasnapshot.server.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A container of a product, whose image, command, variables and files hold placeholders for a version and a database. */
public final class ContainerTemplate {

    private static final Pattern SECRET = Pattern.compile("\\{(?:user|password|jdbcUrl)}");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w+)}");

    private final String owner;
    private final String image;
    private List<String> entrypoint = List.of();
    private List<String> command = List.of();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final Map<String, String> files = new LinkedHashMap<>();

    /**
     * Begins a container.
     *
     * @param owner the class that errors name
     * @param image the image of a version
     */
    public ContainerTemplate(String owner, String image) {
        this.owner = owner;
        this.image = image;
    }

    private ContainerTemplate(ContainerTemplate other) {
        this(other.owner, other.image);
        entrypoint = other.entrypoint;
        command = other.command;
        environment.putAll(other.environment);
        files.putAll(other.files);
    }

    /** {@return the same, which does not change with this one} */
    public ContainerTemplate copy() {
        return new ContainerTemplate(this);
    }

    /** Sets the program that runs the command. */
    public void entrypoint(String... program) {
        entrypoint = withoutSecrets(program);
    }

    /** Sets the command. */
    public void command(String... arguments) {
        command = withoutSecrets(arguments);
    }

    private List<String> withoutSecrets(String... arguments) {
        for (String argument : arguments) {
            Matcher secret = SECRET.matcher(argument);
            if (secret.find()) {
                throw new IllegalArgumentException(owner + " puts " + secret.group()
                        + " into no command, where all could read it: '" + argument
                        + "'. Let the command read it from a variable, environment(\"DB_LOGIN\", \""
                        + secret.group()
                        + "\"), or from a file; a program that takes it as an argument only is run by"
                        + " a shell, entrypoint(\"sh\", \"-c\"), which reads \"$DB_LOGIN\"");
            }
        }
        return List.copyOf(Arrays.asList(arguments));
    }

    /** Sets a variable. */
    public void environment(String name, String value) {
        environment.put(name, value);
    }

    /** Puts a file into the container. */
    public void file(String path, String content) {
        files.put(path, content);
    }

    /** {@return the image, with the placeholder for the version} */
    public String image() {
        return image;
    }

    /** {@return the image of a version} */
    public String image(Version version) {
        return image.replace("{version}", version.toString());
    }

    /** The container of a version, beside a database. */
    private record Filled(
            CommandContainer container,
            List<String> entrypoint,
            List<String> command,
            Map<String, String> environment,
            Map<String, String> files) {

        String name(String ofVersion) {
            List<String> all = new ArrayList<>(entrypoint);
            all.addAll(command);
            return (all.isEmpty() ? "The command" : "'" + String.join(" ", all) + "'") + " in a container of "
                    + ofVersion;
        }
    }

    /**
     * A command that was run.
     *
     * @param name the command, for people
     * @param outcome what came of it
     */
    public record Ran(String name, CommandContainer.Outcome outcome) {}

    /**
     * A command that goes on.
     *
     * @param name the command, for people
     * @param container its container
     */
    public record Started(String name, CommandContainer.Running container) {}

    /**
     * Runs the command until it ends.
     *
     * @param database the database that it is told
     * @param version the version
     * @param limit how long it may take
     * @return what came of it
     * @throws ServerException as {@link CommandContainer#run} does
     */
    public Ran run(TestDatabase database, Version version, Duration limit) {
        Filled filled = fillIn(database, version);
        return new Ran(
                filled.name(image(version)),
                filled.container.run(filled.entrypoint, filled.command, filled.environment, filled.files, limit));
    }

    /**
     * Starts the command, which goes on.
     *
     * @param database the database that it is told
     * @param version the version
     * @param port the port that it answers HTTP at
     * @param line the line that is waited for
     * @return the container, to be closed
     * @throws ServerException as {@link CommandContainer#start} does
     */
    public Started start(TestDatabase database, Version version, OptionalInt port, Optional<Pattern> line) {
        Filled filled = fillIn(database, version);
        return new Started(
                filled.name(image(version)),
                filled.container.start(
                        filled.entrypoint, filled.command, filled.environment, filled.files, port, line));
    }

    private Filled fillIn(TestDatabase database, Version version) {
        CommandContainer container = CommandContainer.beside(database, image(version));
        Map<String, String> values = new LinkedHashMap<>(Map.of(
                "version", version.toString(),
                "host", container.host(),
                "port", String.valueOf(container.port()),
                "database", database.name()));
        List<String> program = fillIn(entrypoint, values);
        List<String> arguments = fillIn(command, values);
        values.put("user", database.migrationUser());
        values.put("password", database.migrationPassword());
        values.put("jdbcUrl", container.jdbcUrl());
        return new Filled(container, program, arguments, fillIn(environment, values), fillIn(files, values));
    }

    private static List<String> fillIn(List<String> texts, Map<String, String> values) {
        return texts.stream().map(text -> fillIn(text, values)).toList();
    }

    private static Map<String, String> fillIn(Map<String, String> texts, Map<String, String> values) {
        Map<String, String> filled = new LinkedHashMap<>();
        texts.forEach((name, text) -> filled.put(name, fillIn(text, values)));
        return filled;
    }

    /** Leaves what is no placeholder as it is: braces are common in shell scripts and JSON. */
    private static String fillIn(String text, Map<String, String> values) {
        return PLACEHOLDER
                .matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(values.getOrDefault(found.group(1), found.group())));
    }
}
