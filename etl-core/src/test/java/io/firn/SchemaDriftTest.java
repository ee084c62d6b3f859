package io.firn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The committed JSON Schemas say what the records say. */
class SchemaDriftTest {
    private static final Path FOLDER = Path.of("src/main/resources/io/firn");
    private static final String REWRITE = "mvn -pl etl-core test -Dtest=SchemaDriftTest -Dfirn.schema.write=true";

    @ParameterizedTest
    @CsvSource({
        "pipeline.schema.json, io.firn.Pipeline, A pipeline of Firn",
        "project.schema.json, io.firn.Project, A project of Firn",
        "table.schema.json, io.firn.table.TableDefinition, A table of Firn"
    })
    void schemaMatchesRecords(String name, Class<?> root, String title) throws IOException {
        Path file = FOLDER.resolve(name);
        String generated = SchemaGenerator.schema(root, title);
        if (Boolean.getBoolean("firn.schema.write")) {
            Files.writeString(file, generated);
        }
        assertThat(Files.readString(file))
                .as("%s is not what the records say; rewrite it with\n  %s", file, REWRITE)
                .isEqualTo(generated);
    }
}
