package io.github.metadatasnapshot;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Says that JUnit is too old, before a test fails with a {@link TypeNotPresentException} that does not: the annotation needs
 * class templates.
 */
public final class JUnitVersion implements LauncherSessionListener {

    private static final String NEEDED = "org.junit.jupiter.api.ClassTemplate";

    /** For the service loader. */
    public JUnitVersion() {}

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        try {
            Class.forName(NEEDED, false, JUnitVersion.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            System.err.println(sentence());
        }
    }

    private static String sentence() {
        String found;
        try {
            Package api = Class.forName("org.junit.jupiter.api.Test", false, JUnitVersion.class.getClassLoader())
                    .getPackage();
            found = "JUnit Jupiter " + api.getImplementationVersion() + " is on the class path";
        } catch (ClassNotFoundException e) {
            found = "there is no JUnit Jupiter on the class path";
        }
        return "Metadata Snapshot needs JUnit Jupiter 5.13 or later, and " + found
                + ": set the version of org.junit:junit-bom to 5.13 or later, or each test that is annotated with"
                + " @MetadataSnapshot fails with a TypeNotPresentException.";
    }
}
