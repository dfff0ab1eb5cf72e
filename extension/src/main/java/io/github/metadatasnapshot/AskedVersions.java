package io.github.metadatasnapshot;

import io.github.metadatasnapshot.snapshot.SnapshotData;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;

/**
 * The versions that the tests of a run name, with the backups of which they start: what is captured for one is made from what is
 * captured for the one before, in whatever order the tests run. JUnit's launcher tells the classes of the run at its beginning.
 */
public final class AskedVersions implements TestExecutionListener {

    private static final Set<Class<?>> PLANNED = ConcurrentHashMap.newKeySet();

    /** For the service loader. */
    public AskedVersions() {}

    @Override
    public void testPlanExecutionStarted(TestPlan plan) {
        plan.getRoots().stream()
                .flatMap(root -> plan.getDescendants(root).stream())
                .flatMap(each -> each.getSource().stream())
                .forEach(source -> {
                    try {
                        if (source instanceof ClassSource type) {
                            PLANNED.add(type.getJavaClass());
                        } else if (source instanceof MethodSource method) {
                            PLANNED.add(method.getJavaClass());
                        }
                    } catch (RuntimeException e) {
                        // JUnit reports a class that cannot be loaded.
                        return;
                    }
                });
    }

    /**
     * Finds the versions of a series of backups that tests of the run start from.
     *
     * @param series where the backups are
     * @param testClass a class of the run
     * @return what fills in data for each
     */
    static Map<String, Class<? extends SnapshotData>> of(String series, Class<?> testClass) {
        Map<String, Class<? extends SnapshotData>> asked = new LinkedHashMap<>();
        Set<Class<?>> classes = ConcurrentHashMap.newKeySet();
        classes.addAll(PLANNED);
        classes.add(testClass);
        for (Class<?> type : classes) {
            List<MetadataSnapshot> around = around(type);
            if (!around.isEmpty()) {
                add(asked, series, around);
            }
            for (Method method : methods(type)) {
                AnnotationSupport.findAnnotation(method, MetadataSnapshot.class).ifPresent(own -> {
                    List<MetadataSnapshot> all = new ArrayList<>(List.of(own));
                    all.addAll(around);
                    add(asked, series, all);
                });
            }
        }
        return asked;
    }

    private static List<Method> methods(Class<?> type) {
        try {
            return List.of(type.getDeclaredMethods());
        } catch (LinkageError e) {
            // Of a class of another test that lacks something.
            return List.of();
        }
    }

    /** {@return the annotations of a class and those around it, the innermost first} */
    private static List<MetadataSnapshot> around(Class<?> type) {
        List<MetadataSnapshot> found = new ArrayList<>();
        for (Class<?> each = type; each != null; each = each.getEnclosingClass()) {
            AnnotationSupport.findAnnotation(each, MetadataSnapshot.class).ifPresent(found::add);
        }
        return found;
    }

    private static void add(
            Map<String, Class<? extends SnapshotData>> asked, String series, List<MetadataSnapshot> innermostFirst) {
        Optional<String> version = innermostFirst.stream()
                .map(MetadataSnapshot::version)
                .filter(text -> !text.isEmpty())
                .findFirst();
        boolean isOfSeries = innermostFirst.stream()
                .filter(each -> !each.backup().isEmpty() || !each.backups().isEmpty())
                .findFirst()
                .filter(each -> each.backups().equals(series))
                .isPresent();
        if (version.isPresent() && isOfSeries) {
            asked.putIfAbsent(
                    version.get(),
                    innermostFirst.stream()
                            .<Class<? extends SnapshotData>>map(MetadataSnapshot::data)
                            .filter(type -> type != SnapshotData.None.class)
                            .findFirst()
                            .orElse(SnapshotData.None.class));
        }
    }
}
