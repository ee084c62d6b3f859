package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import io.firn.rig.TypeMatrix;
import io.firn.rig.TypeMatrix.Kind;
import io.firn.rig.TypeMatrix.Outcome;
import io.firn.rig.TypeMatrix.Sample;
import io.firn.rig.TypeMatrix.TypeColumn;
import io.firn.rig.TypeMatrix.Way;

/** The page of types says what {@link ChangeTypesTest} holds tables against. */
class TypeDocsTest {
    private static final Path FILE = Path.of("..", "docs", "types.md");
    private static final String REWRITE = "mvn -pl tests test -Dtest=TypeDocsTest -Dfirn.docs.write=true";
    private static final int LONGEST = 60;

    @Test
    void thePageIsTheMatrix() throws IOException {
        String generated = page();
        if (Boolean.getBoolean("firn.docs.write")) {
            Files.writeString(FILE, generated);
        }

        assertThat(Files.readString(FILE))
                .as("%s is not what the tests show; rewrite it with\n  %s", FILE, REWRITE)
                .isEqualTo(generated);
    }

    private static String page() {
        return """
                # Types of the sources

                What becomes of every type that Debezium %s reads with its default settings and messages with their \
                schema. `ChangeTypesTest` writes each value below to real databases and holds the table against them, \
                read by a snapshot and from the log; null is equal in every column. This page is generated from what \
                it expects (`TypeDocsTest`).

                *Refused*: the record is quarantined, and the reason names the column. *Arrives as*: the message does \
                not say what the source holds, so no reader can know; see \
                [what messages mean](decisions/change-messages.md) for the connector's settings that help.

                ## PostgreSQL 17

                %s
                ## MariaDB 11.4

                %s"""
                .formatted("3.5", table(TypeMatrix.postgres()), table(TypeMatrix.mariaDb()));
    }

    private static String table(TypeMatrix matrix) {
        return matrix.columns().stream()
                .map(TypeDocsTest::line)
                .collect(Collectors.joining(
                        "", "| source | column | equal at | otherwise |\n| --- | --- | --- | --- |\n", ""));
    }

    private static String line(TypeColumn column) {
        List<String> equal = new ArrayList<>();
        List<String> otherwise = new ArrayList<>();
        for (Sample sample : column.samples()) {
            Outcome shown = sample.outcomes().get(Way.SNAPSHOT);
            Outcome logged = sample.outcomes().get(Way.LOG);
            if (shown.kind() == Kind.EXACT && logged.kind() == Kind.EXACT) {
                equal.add(code(sample.sql()));
            } else if (Objects.equals(shown, logged)) {
                otherwise.add(code(sample.sql()) + " " + told(shown));
            } else {
                otherwise.add(code(sample.sql()) + " in a snapshot " + told(shown) + ", in the log " + told(logged));
            }
        }
        return "| " + cell(column.sourceType()) + " | " + cell(column.type()) + " | " + String.join(", ", equal) + " | "
                + String.join("; ", otherwise) + " |\n";
    }

    private static String told(Outcome outcome) {
        return switch (outcome.kind()) {
            case EXACT -> "is equal";
            case LOST -> "arrives as " + (outcome.text() == null ? "null" : code(outcome.text()));
            case REFUSED -> "is refused: " + outcome.text();
            case UNREADABLE -> "stops the connector";
        };
    }

    private static String cell(String text) {
        return "`" + text.replace("|", "\\|") + "`";
    }

    private static String code(String text) {
        boolean tooLong = text.length() > LONGEST;
        return cell((tooLong ? text.substring(0, LONGEST) + "…" : text).replace("\n", "\\n"));
    }
}
