package io.github.metadatasnapshot;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Says once in a run that JUnit is too old: the annotation needs class templates. */
public final class JUnitVersion implements LauncherSessionListener {

    /** For the service loader. */
    public JUnitVersion() {}

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        JUnitApi.whyTooOld().ifPresent(System.err::println);
    }
}
