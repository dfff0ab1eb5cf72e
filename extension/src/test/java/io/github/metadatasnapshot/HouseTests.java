package io.github.metadatasnapshot;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rooms of the house, and which may use which. */
class HouseTests {

    private static final String ROOT = "io.github.metadatasnapshot";

    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    @ParameterizedTest(name = "{0} uses {1}")
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
                    engine     | -
                    shape      | engine
                    server     | engine
                    product    | engine server shape
                    backup     | engine server
                    migration  | engine server shape product
                    restore    | engine server shape backup
                    recovery   | engine server shape migration restore
                    snapshot   | engine server shape backup migration restore
                    assertion  | engine server shape product migration restore recovery
                    matrix     | engine server shape backup migration restore snapshot
                    report     | engine matrix
                    """)
    void aRoomUsesOnlyThoseBelow(String room, String others) {
        List<String> allowed = new ArrayList<>(List.of(ROOT + "." + room));
        if (others != null) {
            for (String other : others.split(" ", -1)) {
                allowed.add(ROOT + "." + other);
            }
        }
        noClasses()
                .that()
                .resideInAPackage(ROOT + "." + room)
                .should()
                .dependOnClassesThat(
                        resideInAPackage(ROOT + "..").and(not(resideInAnyPackage(allowed.toArray(String[]::new)))))
                .check(HOUSE);
    }

    @Test
    void everyRoomIsKnown() {
        classes()
                .should()
                .resideInAnyPackage(
                        ROOT,
                        ROOT + ".engine",
                        ROOT + ".shape",
                        ROOT + ".server",
                        ROOT + ".product",
                        ROOT + ".backup",
                        ROOT + ".migration",
                        ROOT + ".restore",
                        ROOT + ".recovery",
                        ROOT + ".snapshot",
                        ROOT + ".assertion",
                        ROOT + ".matrix",
                        ROOT + ".report")
                .check(HOUSE);
    }

    @ParameterizedTest(name = "{0} only in {1}")
    @CsvSource({
        "org.junit.., ''",
        "org.flywaydb.., .migration",
        "tools.jackson.., .migration",
        "org.yaml.., .migration",
        "org.testcontainers.., .server",
        "com.github.dockerjava.., .server",
        "io.zonky.., .server",
        "com.github.luben.., .[backup|server]",
        "org.apache.commons.compress.., .[backup|server]",
        "com.google.gson.., .report",
        "org.postgresql.., .restore",
        "org.assertj.., .assertion",
    })
    void aLibraryIsUsedInOneRoom(String library, String room) {
        noClasses()
                .that(not(resideInAPackage(ROOT + room)))
                .should()
                .dependOnClassesThat(resideInAPackage(library))
                .check(HOUSE);
    }

    @Test
    void oneClassUsesTheAwsSdk() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(ROOT + ".backup.S3Store")
                .should()
                .dependOnClassesThat(resideInAPackage("software.amazon.awssdk.."))
                .check(HOUSE);
    }

    @Test
    void whatDrivesTheAnnotationIsNotPublic() {
        classes()
                .that()
                .resideInAPackage(ROOT)
                .and(JavaClass.Predicates.assignableTo(org.junit.jupiter.api.extension.Extension.class))
                .should()
                .notBePublic()
                .check(HOUSE);
    }
}
