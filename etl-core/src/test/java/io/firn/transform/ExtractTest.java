package io.firn.transform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import io.firn.SparkExtension;
import io.firn.schema.Column;
import io.firn.schema.ColumnType.Scalar;

@ExtendWith(SparkExtension.class)
final class ExtractTest {
    private static final List<Column> IN = Rows.columns("id: long", "body: string", "last: int");
    private static final Column USER = new Column("user", Scalar.LONG, Rows.path("u.id"), null, false, null);
    private static final Column TAGS = Rows.column("tags: list<string>");

    private final SparkSession spark;

    ExtractTest(SparkSession spark) {
        this.spark = spark;
    }

    @Test
    void theTextsColumnsTakeItsPlace() {
        assertThat(run(List.of(USER, TAGS), "{\"u\":{\"id\":7},\"tags\":[\"a\",null],\"more\":1}"))
                .isEqualTo("[1,7,ArraySeq(a, null),2]");
        assertThat(run(List.of(USER, TAGS), "{}")).isEqualTo("[1,null,null,2]");
    }

    @Test
    void aNullTextMakesAllOfThemNullUnlessOneIsRequired() {
        assertThat(run(List.of(USER, TAGS), null)).isEqualTo("[1,null,null,2]");
        assertThat(run(List.of(Rows.column("n: int required")), null)).isEqualTo("n: required, but body is null");
    }

    @Test
    void aTextThatIsNoJsonObjectIsRefusedAtTheTextsColumn() {
        assertThat(run(List.of(USER), "{\"u\":")).startsWith("body: ");
        assertThat(run(List.of(USER), "secret")).startsWith("body: ").doesNotContain("secret");
    }

    @Test
    void aValueThatDoesNotFitIsRefusedAtItsColumn() {
        assertThat(run(List.of(USER), "{\"u\":{\"id\":\"7\"}}")).startsWith("user: ");
    }

    @Test
    void laterStepsSeeTheColumnsAndEarlierOnesMayMakeTheText() {
        List<Transform> steps = List.of(
                new Derive("body", Scalar.STRING, "concat('{\"u\":{\"id\":', id, '}}')"),
                new Extract("body", List.of(USER)),
                new Derive("twice", Scalar.LONG, "user * 2"),
                new Filter("twice > 10"));

        assertThat(Rows.run(spark, IN, steps, 6L, "x", 2)).isEqualTo("[6,6,2,12]");
        assertThat(Rows.run(spark, IN, steps, 5L, "x", 2)).isEqualTo("filtered");
    }

    @Test
    void aRowAfterANullOrARefusedTextIsRead() {
        RowProgram program = RowProgram.compile(
                spark, IN, Rows.NO_METADATA, List.of(new Extract("body", List.of(USER)), new Keep(List.of("user"))));
        RowRunner runner = program.start();
        List<String> outcomes = new java.util.ArrayList<>();
        for (String text : new String[] {"{\"u\":{\"id\":1}}", null, "[]", "{\"u\":{\"id\":2}}"}) {
            String outcome = Rows.run(runner, program.output(), Rows.internal(Rows.schema(IN), 1L, text, 2));
            outcomes.add(outcome.replaceFirst(":.*", ""));
        }
        assertThat(outcomes).containsExactly("[1]", "[null]", "body", "[2]");
    }

    private String run(List<Column> into, String text) {
        return Rows.run(spark, IN, List.of(new Extract("body", into)), 1L, text, 2);
    }
}
