package io.firn;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The direction in which packages may know each other (docs/decisions/packages.md). */
@AnalyzeClasses(packages = "io.firn", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule layers = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .optionalLayer("jobs")
            .definedBy("io.firn.jobs..")
            .layer("root")
            .definedBy("io.firn")
            .layer("init")
            .definedBy("io.firn.init..")
            .layer("load")
            .definedBy("io.firn.load..")
            .layer("kinds")
            .definedBy("io.firn.source..", "io.firn.transform..", "io.firn.maintain..")
            .layer("base")
            .definedBy(
                    "io.firn.decode..",
                    "io.firn.change..",
                    "io.firn.parquet..",
                    "io.firn.registry..",
                    "io.firn.table..",
                    "io.firn.function..")
            .layer("foundation")
            .definedBy("io.firn.schema..", "io.firn.config..")
            .whereLayer("root")
            .mayOnlyBeAccessedByLayers("jobs")
            .whereLayer("init")
            .mayOnlyBeAccessedByLayers("jobs", "root")
            .whereLayer("load")
            .mayOnlyBeAccessedByLayers("jobs", "root")
            .whereLayer("kinds")
            .mayOnlyBeAccessedByLayers("jobs", "root", "init", "load")
            .whereLayer("base")
            .mayOnlyBeAccessedByLayers("jobs", "root", "init", "load", "kinds");

    @ArchTest
    static final ArchRule kindsDoNotKnowEachOther =
            slices().matching("io.firn.(source|transform|maintain)..").should().notDependOnEachOther();

    @ArchTest
    static final ArchRule onlyTableSeesIceberg = noClasses()
            .that()
            .resideOutsideOfPackages("io.firn.table..", "io.firn.maintain..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.iceberg..");

    @ArchTest
    static final ArchRule onlySourcesSeeKafka = noClasses()
            .that()
            .resideOutsideOfPackage("io.firn.source..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.kafka..");

    @ArchTest
    static final ArchRule configurationNeedsNoSpark = noClasses()
            .that()
            .resideInAPackage("io.firn.config..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.spark..", "org.apache.iceberg..", "org.apache.hadoop..");
}
