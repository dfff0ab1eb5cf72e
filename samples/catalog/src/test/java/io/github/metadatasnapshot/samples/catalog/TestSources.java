package io.github.metadatasnapshot.samples.catalog;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The tests of all modules, as their sources declare them: some of the modules are built later than this one, and each has a
 * class path of its own.
 */
final class TestSources {

    /** Those of JUnit, and of the extension's contracts. */
    private static final Set<String> TESTS = Set.of(
            "Test",
            "ParameterizedTest",
            "RepeatedTest",
            "TestFactory",
            "TestTemplate",
            "UpgradePathTest",
            "RestoreTest",
            "CrossVersionRestoreTest",
            "RecoveryTest");

    /**
     * A test method.
     *
     * @param displayName empty where the method has no other
     */
    private record Method(String name, String displayName) {}

    /**
     * A class or an interface.
     *
     * @param binaryName such as {@code com.acme.RestoreTests$OnMySql}, as in the reports of Surefire
     * @param supertypes without their packages, the superclass first
     */
    private record Type(String binaryName, boolean isConcrete, List<String> supertypes, List<Method> methods) {

        /** Such as {@code RestoreTests.OnMySql}. */
        String name() {
            return binaryName.substring(binaryName.lastIndexOf('.') + 1).replace('$', '.');
        }
    }

    /**
     * A test in a class in which it runs.
     *
     * @param className the class's binary name
     * @param displayName empty where the method has no other
     */
    record Found(String className, String method, String displayName) {}

    private final List<Type> types;

    private TestSources(List<Type> types) {
        this.types = types;
    }

    /**
     * Reads the sources of all modules' tests, and of the extension's contracts.
     *
     * @param root the directory of the whole project
     */
    static TestSources of(Path root) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> contracts = Files.list(root.resolve("extension/src/main/java/io/github/metadatasnapshot"))) {
            contracts.filter(TestSources::isJava).forEach(files::add);
        }
        try (Stream<Path> sources = Files.walk(root.resolve("extension/src/test/java"))) {
            sources.filter(TestSources::isJava).forEach(files::add);
        }
        try (Stream<Path> samples = Files.list(root.resolve("samples"))) {
            for (Path sample : samples.map(each -> each.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .toList()) {
                try (Stream<Path> sources = Files.walk(sample)) {
                    sources.filter(TestSources::isJava).forEach(files::add);
                }
            }
        }
        return parse(files);
    }

    private static boolean isJava(Path file) {
        return file.toString().endsWith(".java");
    }

    static TestSources parse(List<Path> files) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<Type> types = new ArrayList<>();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, manager, null, List.of("-proc:none"), null, manager.getJavaFileObjectsFromPaths(files));
            for (CompilationUnitTree unit : task.parse()) {
                for (Tree declaration : unit.getTypeDecls()) {
                    if (declaration instanceof ClassTree type) {
                        read(type, unit.getPackageName() + ".", types);
                    }
                }
            }
        }
        return new TestSources(types);
    }

    private static void read(ClassTree tree, String prefix, List<Type> types) {
        String binaryName = prefix + tree.getSimpleName();
        List<String> supertypes = new ArrayList<>();
        if (tree.getExtendsClause() != null) {
            supertypes.add(simpleName(tree.getExtendsClause()));
        }
        tree.getImplementsClause().forEach(each -> supertypes.add(simpleName(each)));
        List<Method> methods = new ArrayList<>();
        for (Tree member : tree.getMembers()) {
            if (member instanceof ClassTree nested) {
                read(nested, binaryName + "$", types);
            } else if (member instanceof MethodTree method && isTest(method.getModifiers())) {
                methods.add(new Method(method.getName().toString(), displayName(method.getModifiers())));
            }
        }
        boolean isConcrete = tree.getKind() == Tree.Kind.CLASS
                && !tree.getModifiers().getFlags().contains(Modifier.ABSTRACT);
        types.add(new Type(binaryName, isConcrete, supertypes, methods));
    }

    /** {@return a type's name without package, enclosing type and arguments} */
    private static String simpleName(Tree type) {
        String name = type.toString().replaceAll("<.*", "");
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static boolean isTest(ModifiersTree modifiers) {
        return modifiers.getAnnotations().stream()
                .anyMatch(annotation -> TESTS.contains(simpleName(annotation.getAnnotationType())));
    }

    private static String displayName(ModifiersTree modifiers) {
        for (AnnotationTree annotation : modifiers.getAnnotations()) {
            if (simpleName(annotation.getAnnotationType()).equals("DisplayName")) {
                return text(annotation.getArguments().get(0));
            }
        }
        return "";
    }

    private static String text(ExpressionTree expression) {
        if (expression instanceof AssignmentTree value) {
            return text(value.getExpression());
        }
        if (expression instanceof BinaryTree sum) {
            return text(sum.getLeftOperand()) + text(sum.getRightOperand());
        }
        return expression instanceof LiteralTree literal ? String.valueOf(literal.getValue()) : expression.toString();
    }

    /**
     * Finds a test in each class in which it runs, those that inherit it included.
     *
     * @param type with the names of the types around it, such as {@code RestoreTests.OnMySql}
     * @return none if there is no such test
     * @throws IllegalArgumentException if several classes that have such a test have the name
     */
    List<Found> find(String type, String method) {
        List<Type> named = types.stream()
                .filter(each ->
                        each.name().equals(type) && inherited(each, method).isPresent())
                .toList();
        if (named.size() > 1) {
            throw new IllegalArgumentException(type + "#" + method + " is a test of "
                    + named.get(0).binaryName() + " and of " + named.get(1).binaryName());
        }
        return named.stream()
                .flatMap(each -> types.stream().filter(other -> isOrExtends(other, each)))
                .filter(Type::isConcrete)
                .map(each -> new Found(
                        each.binaryName(),
                        method,
                        inherited(each, method).orElseThrow().displayName()))
                .toList();
    }

    /** The method of the type itself comes first, and that of a superclass before those of interfaces. */
    private Optional<Method> inherited(Type type, String method) {
        return type.methods().stream()
                .filter(each -> each.name().equals(method))
                .findFirst()
                .or(() -> supertypes(type)
                        .flatMap(each -> inherited(each, method).stream())
                        .findFirst());
    }

    private boolean isOrExtends(Type type, Type other) {
        return type.equals(other) || supertypes(type).anyMatch(each -> isOrExtends(each, other));
    }

    /** Of types with the same simple name, those in the same top-level type are meant, and others only without such. */
    private Stream<Type> supertypes(Type type) {
        return type.supertypes().stream().flatMap(name -> {
            List<Type> named = types.stream()
                    .filter(each -> !each.equals(type) && ("." + each.name()).endsWith("." + name))
                    .toList();
            List<Type> near = named.stream()
                    .filter(each -> topLevel(each).equals(topLevel(type)))
                    .toList();
            return (near.isEmpty() ? named : near).stream();
        });
    }

    private static String topLevel(Type type) {
        return type.binaryName().replaceAll("\\$.*", "");
    }
}
