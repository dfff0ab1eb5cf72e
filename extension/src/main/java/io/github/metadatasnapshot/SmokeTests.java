package io.github.metadatasnapshot;

import io.github.metadatasnapshot.migration.Upgrade;
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

/** The methods with {@link AfterUpgrade} that a test has. */
final class SmokeTests {

    private static final Set<Class<?>> PARAMETERS =
            Set.of(MetadataDatabase.class, Upgrade.class, DataSource.class, Connection.class);

    private final ExtensionContext test;
    private final List<Method> methods;

    private SmokeTests(ExtensionContext test, List<Method> methods) {
        this.test = test;
        this.methods = methods;
    }

    /**
     * Finds the methods.
     *
     * @param test the context of the test
     * @throws ExtensionConfigurationException if one of them is none that can be run
     */
    static SmokeTests of(ExtensionContext test) {
        List<Method> methods = Stream.concat(
                        test.getEnclosingTestClasses().stream(), Stream.of(test.getRequiredTestClass()))
                .flatMap(type ->
                        AnnotationSupport.findAnnotatedMethods(
                                type, AfterUpgrade.class, HierarchyTraversalMode.TOP_DOWN)
                                .stream())
                .distinct()
                .toList();
        methods.forEach(SmokeTests::check);
        return new SmokeTests(test, methods);
    }

    private static void check(Method method) {
        if (Modifier.isPrivate(method.getModifiers())
                || Modifier.isStatic(method.getModifiers())
                || method.getReturnType() != void.class) {
            throw misuse(method, "it must not be private nor static, and returns nothing");
        }
        for (Class<?> type : method.getParameterTypes()) {
            if (!PARAMETERS.contains(type)) {
                throw misuse(
                        method,
                        "it cannot take a " + type.getSimpleName()
                                + ": a parameter is a MetadataDatabase, an Upgrade, a DataSource or a Connection");
            }
        }
    }

    private static ExtensionConfigurationException misuse(Method method, String rule) {
        return new ExtensionConfigurationException(
                "@AfterUpgrade on " + method.getDeclaringClass().getName() + "." + method.getName() + ": " + rule);
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
    void run(MetadataDatabase database, Upgrade upgrade) {
        for (Method method : methods) {
            Object instance = test.getTestInstances()
                    .flatMap(instances -> instances.findInstance(method.getDeclaringClass()))
                    .orElseThrow(() -> misuse(
                            method,
                            "it needs the test's instance, which is still being created: migrate in the test or in a"
                                    + " @BeforeEach method, not in the constructor"));
            List<Connection> opened = new ArrayList<>();
            try {
                Object[] arguments = new Object[method.getParameterCount()];
                for (int i = 0; i < arguments.length; i++) {
                    arguments[i] = argument(method.getParameterTypes()[i], database, upgrade, opened);
                }
                ReflectionSupport.invokeMethod(method, instance, arguments);
            } catch (TestAbortedException | VirtualMachineError e) {
                throw e;
            } catch (Throwable e) {
                throw new AssertionError(
                        "@AfterUpgrade " + method.getName() + " failed after the upgrade " + upgrade + ": "
                                + (e.getMessage() == null ? e.getClass().getName() : e.getMessage()),
                        e);
            } finally {
                opened.forEach(SmokeTests::close);
            }
        }
    }

    private static Object argument(Class<?> type, MetadataDatabase database, Upgrade upgrade, List<Connection> opened)
            throws SQLException {
        if (type == Connection.class) {
            Connection connection = database.connect();
            opened.add(connection);
            return connection;
        }
        if (type == DataSource.class) {
            return database.dataSource();
        }
        return type == Upgrade.class ? upgrade : database;
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
