package io.github.metadatasnapshot;

import io.github.metadatasnapshot.migration.Upgrade;
import io.github.metadatasnapshot.restore.Restore;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;
import org.opentest4j.TestAbortedException;

/**
 * The methods with {@link AfterUpgrade} or with {@link AfterRestore} that a test has.
 *
 * @param <T> what they run after
 */
final class SmokeTests<T> {

    private static final Set<Class<?>> PARAMETERS = Set.of(MetadataDatabase.class, DataSource.class, Connection.class);

    private final ExtensionContext test;
    private final Class<? extends Annotation> annotation;
    private final Class<T> act;
    private final List<Method> methods;

    private SmokeTests(
            ExtensionContext test, Class<? extends Annotation> annotation, Class<T> act, List<Method> methods) {
        this.test = test;
        this.annotation = annotation;
        this.act = act;
        this.methods = methods;
    }

    /**
     * Finds those that run after upgrades.
     *
     * @param test the context of the test
     * @throws ExtensionConfigurationException if one of them is none that can be run
     */
    static SmokeTests<Upgrade> afterUpgrades(ExtensionContext test) {
        return of(test, AfterUpgrade.class, Upgrade.class);
    }

    /**
     * Finds those that run after restores.
     *
     * @param test the context of the test
     * @throws ExtensionConfigurationException if one of them is none that can be run
     */
    static SmokeTests<Restore> afterRestores(ExtensionContext test) {
        return of(test, AfterRestore.class, Restore.class);
    }

    private static <T> SmokeTests<T> of(ExtensionContext test, Class<? extends Annotation> annotation, Class<T> act) {
        List<Method> methods = Stream.concat(
                        test.getEnclosingTestClasses().stream(), Stream.of(test.getRequiredTestClass()))
                .flatMap(type ->
                        AnnotationSupport.findAnnotatedMethods(type, annotation, HierarchyTraversalMode.TOP_DOWN)
                                .stream())
                .distinct()
                .toList();
        SmokeTests<T> smokeTests = new SmokeTests<>(test, annotation, act, methods);
        methods.forEach(smokeTests::check);
        return smokeTests;
    }

    private void check(Method method) {
        if (Modifier.isPrivate(method.getModifiers())
                || Modifier.isStatic(method.getModifiers())
                || method.getReturnType() != void.class) {
            throw misuse(method, "it must not be private nor static, and returns nothing");
        }
        for (Class<?> type : method.getParameterTypes()) {
            if (type != act && !PARAMETERS.contains(type)) {
                throw misuse(
                        method,
                        "it cannot take a " + type.getSimpleName() + ": a parameter is a MetadataDatabase, "
                                + (act == Upgrade.class ? "an Upgrade" : "a Restore")
                                + ", a DataSource or a Connection");
            }
        }
    }

    private ExtensionConfigurationException misuse(Method method, String rule) {
        return new ExtensionConfigurationException("@" + annotation.getSimpleName() + " on "
                + method.getDeclaringClass().getName() + "." + method.getName() + ": " + rule);
    }

    /** Tells whether there is none. */
    boolean isEmpty() {
        return methods.isEmpty();
    }

    /**
     * Runs the methods, up to the first that fails.
     *
     * @throws AssertionError if one fails
     */
    void run(MetadataDatabase database, T done) {
        for (Method method : methods) {
            Object instance = test.getTestInstances()
                    .flatMap(instances -> instances.findInstance(method.getDeclaringClass()))
                    .orElseThrow(() -> misuse(
                            method,
                            "it needs the test's instance, which is still being created: "
                                    + (act == Upgrade.class ? "migrate" : "restore")
                                    + " in the test or in a @BeforeEach method, not in the constructor"));
            List<Connection> opened = new ArrayList<>();
            try {
                Object[] arguments = new Object[method.getParameterCount()];
                for (int i = 0; i < arguments.length; i++) {
                    arguments[i] = argument(method.getParameterTypes()[i], database, done, opened);
                }
                ReflectionSupport.invokeMethod(method, instance, arguments);
            } catch (TestAbortedException | VirtualMachineError e) {
                throw e;
            } catch (Throwable e) {
                throw new AssertionError(
                        "@" + annotation.getSimpleName() + " " + method.getName() + " failed after the "
                                + (act == Upgrade.class ? "upgrade " : "restore ") + done + ": "
                                + (e.getMessage() == null ? e.getClass().getName() : e.getMessage()),
                        e);
            } finally {
                opened.forEach(SmokeTests::close);
            }
        }
    }

    private Object argument(Class<?> type, MetadataDatabase database, T done, List<Connection> opened)
            throws SQLException {
        if (type == Connection.class) {
            Connection connection = database.connect();
            opened.add(connection);
            return connection;
        }
        if (type == DataSource.class) {
            return database.dataSource();
        }
        return type == act ? done : database;
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // The method has said what there is to say, and the database is dropped with its sessions.
            System.getLogger("io.github.metadatasnapshot")
                    .log(System.Logger.Level.DEBUG, "A connection is left open", e);
        }
    }
}
