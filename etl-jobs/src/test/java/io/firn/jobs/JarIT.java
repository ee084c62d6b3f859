package io.firn.jobs;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

import org.junit.jupiter.api.Test;

/** Holds the packaged jar against what EMR provides: a class in both would shadow, or be shadowed, at random. */
class JarIT {
    private static final Path TARGET = Path.of("target");

    /** Under their own names: EMR does not have them, and they find their classes by name. */
    private static final List<String> BUNDLED = List.of(
            "io/firn/",
            "org/sqlite/",
            "META-INF/versions/9/org/sqlite/",
            "org/apache/kafka/",
            "kafka/common/",
            "org/apache/spark/sql/kafka010/",
            "org/apache/spark/kafka010/",
            "org/apache/commons/pool2/");

    @Test
    void holdsNoClassThatAProvidedJarHolds() throws IOException {
        Set<String> provided = new HashSet<>();
        for (String jar :
                Files.readString(TARGET.resolve("spark.classpath")).strip().split(File.pathSeparator)) {
            provided.addAll(classes(Path.of(jar)));
        }
        assertThat(provided)
                .contains(
                        "org/apache/spark/sql/SparkSession.class", "com/fasterxml/jackson/databind/ObjectMapper.class");

        Set<String> both = new TreeSet<>(classes(TARGET.resolve("firn.jar")));
        both.retainAll(provided);

        assertThat(both).isEmpty();
    }

    @Test
    void holdsOnlyFirnsOwnPackagesTheDriverOfItsDefaultCatalogAndKafka() throws IOException {
        Set<String> strangers = classes(TARGET.resolve("firn.jar")).stream()
                .filter(name -> BUNDLED.stream().noneMatch(name::startsWith))
                .collect(toCollection(TreeSet::new));

        assertThat(strangers).isEmpty();
    }

    @Test
    void bundlesWhatItNeedsRelocated() throws IOException {
        assertThat(classes(TARGET.resolve("firn.jar")))
                .contains(
                        "io/firn/jobs/Firn.class",
                        "io/firn/shaded/picocli/CommandLine.class",
                        "io/firn/shaded/snakeyaml/Yaml.class",
                        "org/sqlite/JDBC.class",
                        "org/apache/spark/sql/kafka010/KafkaSourceProvider.class");
    }

    private static Set<String> classes(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> name.endsWith(".class") && !name.endsWith("module-info.class"))
                    .collect(toCollection(TreeSet::new));
        }
    }
}
