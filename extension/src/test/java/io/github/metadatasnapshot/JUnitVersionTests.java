package io.github.metadatasnapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.metadatasnapshot.testsupport.ClassPaths;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.net.URISyntaxException;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.ServiceLoader;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.LauncherSessionListener;

class JUnitVersionTests {

    private static final String TOO_OLD =
            " is on the class path: set the version of org.junit:junit-bom to 5.13 or later";

    @Test
    void isFoundByJUnit() {
        assertThat(ServiceLoader.load(LauncherSessionListener.class).stream().map(ServiceLoader.Provider::type))
                .contains(JUnitVersion.class);
    }

    @Test
    void thatIsNewEnoughIsNoMatter() throws Exception {
        try (URLClassLoader all = ClassPaths.without("nothing")) {
            assertThat(saidBy(all)).isEmpty();
        }
    }

    @Test
    void thatIsTooOldIsSaidInOneSentence(@TempDir Path directory) throws Exception {
        try (URLClassLoader old = ClassPaths.withoutClass(
                "org.junit.jupiter.api.ClassTemplate", withoutClassTemplates(directory.resolve("api.jar")))) {
            assertThat(saidBy(old))
                    .startsWith("Metadata Snapshot needs JUnit Jupiter 5.13 or later, and JUnit Jupiter ")
                    .endsWith(TOO_OLD + "\n");
        }
    }

    /** The JVM cannot load the extension itself, so JUnit must come to this one first. */
    @Test
    void thatIsTooOldFailsTheTestWithTheSentence(@TempDir Path directory) throws Exception {
        assertThat(MetadataSnapshot.class.getAnnotationsByType(ExtendWith.class))
                .extracting(each -> each.value()[0].getName())
                .containsExactly(RequiredJUnit.class.getName(), MetadataSnapshotExtension.class.getName());
        try (URLClassLoader old = ClassPaths.withoutClass(
                "org.junit.jupiter.api.ClassTemplate", withoutClassTemplates(directory.resolve("api.jar")))) {
            Constructor<?> extension =
                    old.loadClass(RequiredJUnit.class.getName()).getDeclaredConstructor();
            extension.setAccessible(true);

            assertThatThrownBy(extension::newInstance)
                    .cause()
                    .hasMessageStartingWith("Metadata Snapshot needs JUnit Jupiter 5.13 or later, and JUnit Jupiter ")
                    .hasMessageEndingWith(TOO_OLD);
        }
        assertThatCode(RequiredJUnit::new).doesNotThrowAnyException();
    }

    /** {@return what JUnit's service loader makes the class print on a class path} */
    private static String saidBy(ClassLoader classPath) throws Exception {
        Class<?> session = classPath.loadClass("org.junit.platform.launcher.LauncherSession");
        Class<?> listener = classPath.loadClass(JUnitVersion.class.getName());
        PrintStream before = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            listener.getMethod("launcherSessionOpened", session)
                    .invoke(listener.getConstructor().newInstance(), (Object) null);
        } finally {
            System.setErr(before);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    /** JUnit's own jar, but for what came with 5.13. */
    private static Path withoutClassTemplates(Path target) throws IOException, URISyntaxException {
        Path api = Path.of(
                Test.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (JarFile jar = new JarFile(api.toFile());
                OutputStream file = Files.newOutputStream(target);
                JarOutputStream out = new JarOutputStream(file, jar.getManifest())) {
            for (JarEntry entry : Collections.list(jar.entries())) {
                if (!entry.getName().contains("ClassTemplate")
                        && !entry.getName().equals(JarFile.MANIFEST_NAME)) {
                    out.putNextEntry(new JarEntry(entry.getName()));
                    jar.getInputStream(entry).transferTo(out);
                    out.closeEntry();
                }
            }
        }
        return target;
    }
}
