package io.github.metadatasnapshot.backup;

import io.github.metadatasnapshot.engine.ScriptSyntax;
import io.github.metadatasnapshot.engine.SequencePosition;
import io.github.metadatasnapshot.engine.TableName;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Notes the sequences and identity columns of which a script says where they continue. Only a position that is written in
 * the script is that of the database which the script is from: one that is computed, from the rows or by a loop over the
 * catalogue, is as good as what computes it. AUTO_INCREMENT is no matter: whatever a script says, MySQL and MariaDB move the
 * counter behind the rows.
 */
final class GeneratorPositions {

    private final Set<String> names = new HashSet<>();

    /** {@return the names, as of {@link BackupInfo#setGenerators}} */
    Set<String> names() {
        return names;
    }

    /** Takes the calls of {@code setval} in a statement. */
    void calls(Tokens tokens, String defaultSchema, ScriptSyntax syntax) {
        while (tokens.skipTo("setval")) {
            if (tokens.accept("(")) {
                Optional<String> generator = syntax.backtickQuotes()
                        ? name(tokens, "").map(SequencePosition::ofSequence)
                        : argument(tokens, defaultSchema, syntax);
                if (tokens.skipTo(",") && isNumber(tokens)) {
                    generator.ifPresent(names::add);
                }
            }
        }
    }

    private static Optional<String> argument(Tokens tokens, String defaultSchema, ScriptSyntax syntax) {
        if (!tokens.next()) {
            return Optional.empty();
        }
        if (tokens.isString()) {
            return named(tokens.text(), defaultSchema, syntax).map(SequencePosition::ofSequence);
        }
        if (tokens.is("pg_catalog") && tokens.accept(".")) {
            tokens.next();
        }
        if (!tokens.is("pg_get_serial_sequence") || !tokens.accept("(") || !tokens.next() || !tokens.isString()) {
            return Optional.empty();
        }
        Optional<TableName> table = named(tokens.text(), defaultSchema, syntax);
        return tokens.skipTo(",") && tokens.next() && tokens.isString()
                ? table.map(of -> new SequencePosition.Column(of, tokens.text()).label())
                : Optional.empty();
    }

    /** {@return what a string names, as PostgreSQL's {@code regclass} reads it} */
    private static Optional<TableName> named(String text, String defaultSchema, ScriptSyntax syntax) {
        byte[] bytes = text.getBytes(syntax.charset());
        return name(new Tokens(bytes, 0, bytes.length, syntax), defaultSchema);
    }

    private static Optional<TableName> name(Tokens tokens, String defaultSchema) {
        if (!tokens.next() || !tokens.isName()) {
            return Optional.empty();
        }
        String schema = defaultSchema;
        String name = tokens.name();
        while (tokens.accept(".") && tokens.next()) {
            schema = defaultSchema.isEmpty() ? "" : name;
            name = tokens.name();
        }
        return Optional.of(new TableName(schema, name));
    }

    /** Takes an ALTER SEQUENCE, from behind these words. */
    void alterSequence(Tokens tokens, String defaultSchema) {
        skipExists(tokens);
        name(tokens, defaultSchema)
                .filter(name -> restarts(tokens))
                .ifPresent(name -> names.add(SequencePosition.ofSequence(name)));
    }

    /** Takes PostgreSQL's ALTER TABLE, from behind these words. */
    void alterTable(Tokens tokens, String defaultSchema) {
        skipExists(tokens);
        tokens.accept("only");
        name(tokens, defaultSchema).ifPresent(table -> {
            tokens.accept("*");
            if (tokens.accept("alter")) {
                tokens.accept("column");
                if (tokens.next() && tokens.isName()) {
                    String column = new SequencePosition.Column(table, tokens.name()).label();
                    if (restarts(tokens)) {
                        names.add(column);
                    }
                }
            }
        });
    }

    private static void skipExists(Tokens tokens) {
        if (tokens.accept("if")) {
            tokens.accept("exists");
        }
    }

    private static boolean restarts(Tokens tokens) {
        if (!tokens.skipTo("restart")) {
            return false;
        }
        tokens.accept("with");
        tokens.accept("=");
        return isNumber(tokens);
    }

    private static boolean isNumber(Tokens tokens) {
        tokens.accept("-");
        return tokens.next()
                && tokens.isWord()
                && Character.isDigit(tokens.text().charAt(0));
    }
}
