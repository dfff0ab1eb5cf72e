package io.github.metadatasnapshot.engine;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Explains errors of restores into PostgreSQL. */
final class PostgreSqlHints extends RestoreHints {

    private static final Pattern RELATION = Pattern.compile("relation \"([^\"]+)\" does not exist");
    private static final Pattern COLUMN = Pattern.compile("column \"([^\"]+)\"");
    private static final Pattern EXTENSION = Pattern.compile("extension \"([^\"]+)\" is not available");
    private static final Pattern EXTENSION_FILE = Pattern.compile("extension control file \".*/([^/\"]+)\\.control\"");
    private static final Pattern TYPE = Pattern.compile("type \"(?:[^\"]+\\.)?([^\".]+)\" does not exist");
    private static final Pattern FUNCTION = Pattern.compile("function (?:\\w+\\.)?(\\w+)\\(.*\\) does not exist");
    private static final Pattern OPERATOR_CLASS = Pattern.compile("operator class \"(?:[^\"]+\\.)?([^\".]+)\"");
    private static final Pattern CONSTRAINT = Pattern.compile("violates foreign key constraint \"([^\"]+)\"");
    private static final Pattern REFERENCED = Pattern.compile("REFERENCES ([^ (]+)");

    /** What the server says where a name without a schema is not found, by SQLSTATE. */
    private static final Map<String, Pattern> UNKNOWN_NAME = Map.of(
            "42P01", Pattern.compile("relation \"(?<name>[^\".]+)\" does not exist"),
            "42883", Pattern.compile("function (?<name>[^\".( ]+)\\(.*\\) does not exist"),
            "42704", Pattern.compile("type \"(?<name>[^\".]+)\" does not exist"));

    /** Where the server says that an error is one of a function's body. */
    private static final Pattern IN_FUNCTION =
            Pattern.compile("Where: (?:PL/pgSQL|SQL) function \"?(?:[^\".( ]+\\.)?(?<function>[^\".( ]+)");

    private static final Pattern EMPTIES_SEARCH_PATH =
            Pattern.compile("^SELECT pg_catalog\\.set_config\\('search_path', ''");

    private static final Pattern SETS_SEARCH_PATH = Pattern.compile("\\bSET search_path\\b");

    /** The release whose dump tool was the first to write a setting that servers before it do not know. */
    private static final Map<String, Integer> SETTINGS = Map.of(
            "transaction_timeout", 17,
            "idle_session_timeout", 14,
            "default_table_access_method", 12,
            "idle_in_transaction_session_timeout", 10);

    /** The extension that has an object of another name; elsewhere it has the name of its type. */
    private static final Map<String, String> EXTENSIONS = Map.ofEntries(
            Map.entry("geometry", "postgis"),
            Map.entry("geography", "postgis"),
            Map.entry("halfvec", "vector"),
            Map.entry("vector_cosine_ops", "vector"),
            Map.entry("gin_trgm_ops", "pg_trgm"),
            Map.entry("gist_trgm_ops", "pg_trgm"),
            Map.entry("similarity", "pg_trgm"),
            Map.entry("uuid_generate_v4", "uuid-ossp"),
            Map.entry("uuid_generate_v1mc", "uuid-ossp"),
            Map.entry("crypt", "pgcrypto"),
            Map.entry("digest", "pgcrypto"),
            Map.entry("gen_salt", "pgcrypto"),
            Map.entry("gen_random_bytes", "pgcrypto"));

    /** Images that have an extension which the official one lacks; {@code %s} is the release. */
    private static final Map<String, String> IMAGES = Map.of(
            "vector", "pgvector/pgvector:pg%s",
            "postgis", "postgis/postgis:%s-3.5",
            "timescaledb", "timescale/timescaledb:latest-pg%s");

    @Override
    Optional<String> explain(Connection connection, Failure error, RestoreContext context) throws SQLException {
        if (error.says("invalid command \\restrict") || error.says("invalid command \\unrestrict")) {
            return Optional.of(
                    "the dump was written by a pg_dump that protects its script by \\restrict, which the psql in"
                            + " the server's image is too old to know: delete the lines that begin with \\restrict and"
                            + " \\unrestrict, or name an image of 13.22, 14.19, 15.14, 16.10, 17.6 or later");
        }
        Optional<String> unreached = outOfSearchPath(connection, error, context);
        if (unreached.isPresent()) {
            return unreached;
        }
        Optional<String> clean = droppedBefore(error, context);
        if (clean.isPresent()) {
            return clean;
        }
        return switch (error.sqlState()) {
            case "42P06" ->
                error.says("schema \"public\" already exists")
                        ? Optional.of("every new database has the schema public: delete " + error.place()
                                + context.toolVersion()
                                        .map(version -> ", which pg_dump writes where it is called with"
                                                + " --schema=public, or dump without --schema")
                                        .orElse(""))
                        : exists(context);
            case "42P07", "42723", "42710" -> exists(context);
            case "23505" -> duplicate(error, context);
            case "42P01" -> error.group(RELATION).flatMap(name -> noSuchTable(name, context));
            case "42703" -> error.group(COLUMN).flatMap(column -> noSuchColumn(error, column, context));
            case "23502" -> error.group(COLUMN).flatMap(column -> columnLeftOut(error, column, context));
            case "23503" -> error.group(CONSTRAINT).flatMap(name -> parent(name, context));
            case "42501" -> privilege(error);
            case "42704" ->
                error.says("unrecognized configuration parameter")
                        ? setting(connection, error, context)
                        : error.says("type ")
                                ? extensionOf(connection, error.group(TYPE), error)
                                : error.says("operator class ")
                                        ? extensionOf(connection, error.group(OPERATOR_CLASS), error)
                                        : Optional.empty();
            case "42883" -> extensionOf(connection, error.group(FUNCTION), error);
            case "0A000", "58P01" ->
                extensionIsMissing(connection, error.group(EXTENSION).or(() -> error.group(EXTENSION_FILE)), context);
            default -> Optional.empty();
        };
    }

    /** Looks for what the body of a function names without a schema, in the schemas that the file's search_path leaves out. */
    private static Optional<String> outOfSearchPath(Connection connection, Failure error, RestoreContext context)
            throws SQLException {
        Matcher function = IN_FUNCTION.matcher(error.message());
        Pattern unknown = UNKNOWN_NAME.get(error.sqlState());
        if (unknown == null || !function.find()) {
            return Optional.empty();
        }
        Matcher missing = unknown.matcher(error.message());
        if (!missing.find() || context.statements().apply(EMPTIES_SEARCH_PATH).isEmpty()) {
            return Optional.empty();
        }
        String name = missing.group("name");
        // After an error in a single transaction, what the file creates is in the file only.
        Optional<String> schema = schemaOf(connection, name)
                .or(() -> context.statements()
                        .apply(creates("[A-Z ]+", name))
                        .map(statement -> statement.replaceFirst("\\..*", "").replaceFirst(".* ", "")));
        String body = function.group("function");
        if (schema.isEmpty() || setsSearchPath(connection, body, context)) {
            return Optional.empty();
        }
        return Optional.of("the body of function " + body + " names " + name + " without its schema " + schema.get()
                + ", and the file empties the search_path, as pg_dump's do: write the schema in the function, or give it a"
                + " SET search_path of its own");
    }

    private static Pattern creates(String kind, String name) {
        return Pattern.compile(
                "^CREATE (?:OR REPLACE )?" + kind + " [^\". (]+\\." + Pattern.quote(name) + "(?:[ (]|$)");
    }

    private static Optional<String> schemaOf(Connection connection, String name) throws SQLException {
        return queryForString(connection, """
                SELECT n.nspname FROM pg_catalog.pg_namespace n WHERE n.nspname !~ '^pg_' AND n.oid IN (
                  SELECT relnamespace FROM pg_catalog.pg_class WHERE relname = $name
                  UNION ALL SELECT pronamespace FROM pg_catalog.pg_proc WHERE proname = $name
                  UNION ALL SELECT typnamespace FROM pg_catalog.pg_type WHERE typname = $name)
                ORDER BY 1 LIMIT 1""", name);
    }

    private static boolean setsSearchPath(Connection connection, String function, RestoreContext context)
            throws SQLException {
        return queryForString(connection, """
                SELECT 1 FROM pg_catalog.pg_proc WHERE proname = $name
                AND array_to_string(proconfig, ' ') LIKE '%search_path=%'""", function).isPresent()
                || context.statements()
                        .apply(creates("(?:FUNCTION|PROCEDURE)", function))
                        .filter(statement -> SETS_SEARCH_PATH.matcher(statement).find())
                        .isPresent();
    }

    private static Optional<String> queryForString(Connection connection, String sql, String name) throws SQLException {
        return Engine.queryForStrings(connection, sql.replace("$name", Engine.POSTGRESQL.literal(name))).stream()
                .findFirst();
    }

    private static Optional<String> droppedBefore(Failure error, RestoreContext context) {
        boolean drops = error.begins("DROP")
                || (error.begins("ALTER")
                        && error.statement().toUpperCase(Locale.ROOT).contains(" DROP "));
        return drops && error.says("does not exist") && context.emptyBefore()
                ? Optional.of(
                        "the dump was made by pg_dump --clean, which drops each object before it is created, and the"
                                + " target was empty: dump with --clean --if-exists, or without --clean")
                : Optional.empty();
    }

    private static Optional<String> parent(String constraint, RestoreContext context) {
        return context.schemaBefore().getOrDefault(SchemaObject.CONSTRAINT, Map.of()).entrySet().stream()
                .filter(object -> object.getKey().endsWith("." + constraint))
                .map(object -> REFERENCED.matcher(object.getValue()))
                .filter(Matcher::find)
                .map(referenced -> referenced.group(1))
                .findFirst()
                .flatMap(table -> noParent(table, constraint, context));
    }

    private static Optional<String> privilege(Failure error) {
        boolean ofOwners = error.begins("GRANT")
                || error.begins("REVOKE")
                || error.begins("SET SESSION AUTHORIZATION")
                || error.begins("ALTER DEFAULT PRIVILEGES")
                || error.statement().contains(" OWNER TO ");
        return ofOwners
                ? Optional.of("the dump sets owners and privileges, which the connected user may not: dump with"
                        + " --no-owner --no-privileges")
                : Optional.empty();
    }

    private static Optional<String> setting(Connection connection, Failure error, RestoreContext context)
            throws SQLException {
        int server = connection.getMetaData().getDatabaseMajorVersion();
        return laterSetting(error.message(), server)
                .map(setting -> context.toolVersion()
                                .map(version -> "pg_dump " + version)
                                .orElse("a pg_dump of release " + setting.getValue() + " or later")
                        + " wrote the dump, and the server is " + server + ", which does not have this setting: delete "
                        + error.place() + ", which changes nothing of the data, or dump by the pg_dump of release "
                        + server);
    }

    /** Finds the setting that a message is about, and the release since which there is one. */
    private static Optional<Map.Entry<String, Integer>> laterSetting(String message, int server) {
        return SETTINGS.entrySet().stream()
                .filter(setting -> message.endsWith("unrecognized configuration parameter \"" + setting.getKey() + '"')
                        && setting.getValue() > server)
                .findFirst();
    }

    /** Finds the setting of the session that an error of a dump is about, where the server is too old to have it. */
    static Optional<String> laterSessionSetting(String statement, String message, int server) {
        return laterSetting(message, server)
                .map(Map.Entry::getKey)
                .filter(name -> statement.isEmpty() || statement.startsWith("SET " + name + " "));
    }

    /** Looks for an extension that is not created, and that has what is missing. */
    private static Optional<String> extensionOf(Connection connection, Optional<String> missing, Failure error)
            throws SQLException {
        if (missing.isEmpty() || error.begins("DROP")) {
            return Optional.empty();
        }
        String extension = EXTENSIONS.getOrDefault(missing.get(), missing.get());
        return state(connection, extension)
                .filter(state -> state.equals("available"))
                .map(state -> missing.get() + " is of the extension " + extension
                        + ", which the server has and the dump does not create: pg_dump leaves CREATE EXTENSION out"
                        + " where it is called with --schema or --table. Put CREATE EXTENSION \"" + extension
                        + "\"; at its head, or dump without --schema");
    }

    private static Optional<String> extensionIsMissing(
            Connection connection, Optional<String> extension, RestoreContext context) throws SQLException {
        if (extension.isEmpty() || state(connection, extension.get()).isPresent()) {
            return Optional.empty();
        }
        int server = connection.getMetaData().getDatabaseMajorVersion();
        return Optional.of("the server of " + context.database() + " does not have the extension " + extension.get()
                + ": name an image that has it"
                + Optional.ofNullable(IMAGES.get(extension.get()))
                        .map(image -> ", such as " + image.formatted(server))
                        .orElse("")
                + ", or take the extension out of the dump where only its cloud service needs it");
    }

    private static Optional<String> state(Connection connection, String extension) throws SQLException {
        try (var query = connection.prepareStatement("SELECT CASE WHEN installed_version IS NULL THEN 'available' ELSE"
                + " 'installed' END FROM pg_available_extensions WHERE name = ?")) {
            query.setString(1, extension);
            try (var rows = query.executeQuery()) {
                return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
            }
        }
    }
}
