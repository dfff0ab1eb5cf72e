package io.github.metadatasnapshot;

import java.util.Optional;

/** The JUnit Jupiter on the class path. Uses no type of JUnit, any of which may be missing. */
final class JUnitApi {

    private static final String NEEDED = "org.junit.jupiter.api.ClassTemplate";

    private JUnitApi() {}

    /** {@return what is wrong with the JUnit on the class path, and the way out; empty where it is new enough} */
    static Optional<String> whyTooOld() {
        try {
            Class.forName(NEEDED, false, JUnitApi.class.getClassLoader());
            return Optional.empty();
        } catch (ClassNotFoundException e) {
            return Optional.of(sentence());
        }
    }

    private static String sentence() {
        String found;
        try {
            Package api = Class.forName("org.junit.jupiter.api.Test", false, JUnitApi.class.getClassLoader())
                    .getPackage();
            found = "JUnit Jupiter " + api.getImplementationVersion() + " is on the class path";
        } catch (ClassNotFoundException e) {
            found = "there is no JUnit Jupiter on the class path";
        }
        return "Metadata Snapshot needs JUnit Jupiter 5.13 or later, and " + found
                + ": set the version of org.junit:junit-bom to 5.13 or later";
    }
}
