package io.github.metadatasnapshot.migration;

/**
 * A migration that was applied.
 *
 * @param version the version, the empty string for a repeatable migration
 * @param description what it is called
 * @param script the file
 * @param millis how long it took, in milliseconds
 * @param effects what it did to the tables
 */
public record AppliedMigration(
        String version, String description, String script, long millis, MigrationEffects effects) {

    /** {@return the migration for people: its script, or what it is called, how long it took and what it did} */
    public String describe() {
        String text = effects.describe();
        return name() + " took " + millis + " ms" + (text.isEmpty() ? "" : ": " + text);
    }

    /** {@return the script, or what the migration is called where it has none} */
    public String name() {
        return script.isEmpty() ? (version + " " + description).strip() : script;
    }
}
