package io.github.metadatasnapshot.assertion;

/** How grave a failed check is, the gravest first. */
enum Gravity {
    VERDICT("what came of it"),
    ROWS("rows lost"),
    MISSING_OBJECTS("objects missing"),
    OBJECTS("objects that differ"),
    VALUES("values lost"),
    NAMES("names and orders"),
    REPETITION("left to do"),
    WRITES("writes"),
    LIMITS("times and locks"),
    OTHER("other checks");

    private final String title;

    Gravity(String title) {
        this.title = title;
    }

    /** {@return the heading of what is of this gravity} */
    String title() {
        return title;
    }
}
