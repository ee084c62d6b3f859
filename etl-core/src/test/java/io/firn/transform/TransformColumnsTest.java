package io.firn.transform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.firn.schema.Column;
import io.firn.schema.ColumnType;
import io.firn.schema.ColumnType.Scalar;

final class TransformColumnsTest {
    private static final List<Column> IN = Rows.columns("id: long required", "Name: string", "at: timestamptz");

    private final Problems problems = new Problems();

    @Test
    void renameKeepsPlaceTypeRequirednessAndWhereTheValueLies() {
        List<Column> out = new Rename("ID", "key").columns(IN, problems);

        assertThat(Columns.names(out)).containsExactly("key", "Name", "at");
        assertThat(out.get(0)).isEqualTo(new Column("key", Scalar.LONG, Rows.path("id"), null, true, null));
        assertThat(problems.found()).isEmpty();
    }

    @Test
    void renameMayChangeTheCaseOfAName() {
        List<Column> out = new Rename("name", "NAME").columns(IN, problems);

        assertThat(Columns.names(out)).containsExactly("id", "NAME", "at");
        assertThat(problems.found()).isEmpty();
    }

    @Test
    void renameReportsUnknownColumnsAndNamesThatAreTaken() {
        List<Column> guessed = new Rename("idd", "key").columns(IN, problems);
        List<Column> same = new Rename("id", "NAME").columns(IN, problems);
        List<Column> reserved = new Rename("id", "firn_file").columns(IN, problems);

        assertThat(problems.found())
                .containsExactly(
                        "column: unknown column \"idd\" of [id, Name, at]",
                        "to: column \"Name\" exists already; drop it before, or choose another name",
                        "to: column names that begin with firn_ belong to Firn's own metadata; choose another name than"
                                + " \"firn_file\"");
        assertThat(Columns.names(guessed)).contains("key");
        assertThat(same).isEqualTo(IN);
        assertThat(reserved).hasSize(3);
    }

    @Test
    void dropAndKeepCompareNamesWithoutCaseAndKeepTheOrder() {
        assertThat(Columns.names(new Drop(List.of("NAME")).columns(IN, problems)))
                .containsExactly("id", "at");
        assertThat(Columns.names(new Keep(List.of("at", "ID")).columns(IN, problems)))
                .containsExactly("id", "at");
        assertThat(problems.found()).isEmpty();
    }

    @Test
    void dropAndKeepReportBadLists() {
        List<Column> unused = new Drop(List.of()).columns(IN, problems);
        unused = new Drop(List.of("id", "name", "at")).columns(IN, problems);
        unused = new Keep(List.of("id", "ID", "nme")).columns(IN, problems);

        assertThat(problems.found())
                .containsExactly(
                        "names: names no column; list at least one, or leave the transform out",
                        "names: drops every column; a table needs at least one",
                        "names[1]: column \"ID\" stands twice in the list",
                        "names[2]: unknown column \"nme\" of [id, Name, at]");
        assertThat(unused).isEqualTo(IN);
    }

    @Test
    void deriveAppendsOrReplacesAndIsNeverRequired() {
        List<Column> appended = new Derive("hour", Scalar.INT, "hour(at)").columns(IN, problems);
        List<Column> replaced = new Derive("ID", Scalar.STRING, "string(id)").columns(IN, problems);

        assertThat(Columns.names(appended)).containsExactly("id", "Name", "at", "hour");
        assertThat(Columns.names(replaced)).containsExactly("ID", "Name", "at");
        assertThat(replaced.get(0).required()).isFalse();
        assertThat(replaced.get(0).location()).isEqualTo(Columns.NOWHERE);
        assertThat(problems.found()).isEmpty();
    }

    @Test
    void emptyExpressionsAreReported() {
        List<Column> unused = new Derive("hour", Scalar.INT, " ").columns(IN, problems);
        unused = new Filter("").columns(IN, problems);

        assertThat(problems.found())
                .containsExactly(
                        "expr: the expression is empty; write one such as \"hour(created_at)\"",
                        "expr: the expression is empty; write a condition such as \"size > 0\"");
        assertThat(unused).isEqualTo(IN);
    }

    @Test
    void deriveRefusesNestedTypesWhoseValuesItCannotCheck() {
        ColumnType nested = ColumnType.parse("list<struct<id: uuid>>");
        List<Column> out = new Derive("ids", nested, "ids").columns(IN, problems);

        assertThat(problems.found())
                .containsExactly("as: uuid and fixed inside list<struct<id: uuid>> cannot be derived; derive string or"
                        + " binary there");
        assertThat(out).hasSize(4);
    }

    @Test
    void castKeepsTheNamePlaceAndRequiredness() {
        List<Column> out = new Cast("ID", Scalar.STRING).columns(IN, problems);

        assertThat(out.get(0)).isEqualTo(new Column("id", Scalar.STRING, Rows.path("id"), null, true, null));
        assertThat(problems.found()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "long | timestamptz | long cannot be cast to timestamptz; say what it counts: derive it with"
                        + " timestamp_seconds, timestamp_millis or timestamp_micros",
                "double | date | double cannot be cast to date; say what it counts: derive it with date_from_unix_date",
                "timestamptz | long | timestamptz cannot be cast to long; say what to count: derive it with"
                        + " unix_seconds, unix_millis or unix_micros",
                "date | int | date cannot be cast to int; say what to count: derive it with unix_date",
                "boolean | int | boolean cannot be cast to int; say what true means: derive it with a comparison, or"
                        + " with if(condition, 1, 0)",
                "string | binary | string cannot be cast to binary; say how bytes and text meet: derive it with base64,"
                        + " hex, encode or decode",
                "timestamp | timestamptz | timestamp cannot be cast to timestamptz; say which zone the clock was in:"
                        + " derive it with cast(column as timestamp_ltz) or cast(column as timestamp_ntz), which take UTC",
                "date | timestamptz | date cannot be cast to timestamptz; say which zone the clock was in: derive it"
                        + " with cast(column as timestamp_ltz) or cast(column as timestamp_ntz), which take UTC",
                "int | uuid | int cannot be cast to uuid; a uuid is written as text",
                "list<int> | list<long> | list<int> cannot be cast to list<long>; declare the type under columns, or"
                        + " derive it, for example with transform(column, x -> ...)",
            })
    void castsThatCanNeverWorkAreReported(String from, String to, String message) {
        List<Column> in = Rows.columns("c: " + from);
        List<Column> out = new Cast("c", ColumnType.parse(to)).columns(in, problems);

        assertThat(problems.found()).containsExactly("as: column \"c\": " + message);
        assertThat(out.get(0).type()).isEqualTo(ColumnType.parse(to));
    }

    @Test
    void castOfAnUnknownColumnIsReportedOnce() {
        List<Column> out = new Cast("idd", Scalar.STRING).columns(IN, problems);
        out = new Filter("idd = '1'").columns(out, problems);

        assertThat(problems.found()).containsExactly("column: unknown column \"idd\" of [id, Name, at]");
        assertThat(Columns.names(out)).contains("idd");
    }

    @Test
    void extractTakesThePlaceOfItsColumn() {
        List<Column> into = List.of(
                new Column("user", Scalar.LONG, Rows.path("u.id"), null, true, null), Rows.column("name: string"));
        List<Column> out = new Extract("name", into).columns(IN, problems);

        assertThat(Columns.names(out)).containsExactly("id", "user", "name", "at");
        assertThat(out.get(1).location()).isEqualTo(Rows.path("Name.u.id"));
        assertThat(out.get(1).required()).isTrue();
        assertThat(problems.found()).isEmpty();
    }

    @Test
    void extractReportsWhatDoesNotFit() {
        List<Column> into = Rows.columns("at: string", "a: int", "A: int");
        List<Column> out = new Extract("id", into).columns(IN, problems);
        out = new Extract("nam", List.of()).columns(out, problems);

        assertThat(problems.found())
                .containsExactly(
                        "column: column \"id\" is long; extract needs a string that holds JSON text (declare it as"
                                + " string with format json)",
                        "into[0].name: column \"at\" exists already; choose another name",
                        "into[2].name: column \"A\" exists already; choose another name",
                        "column: unknown column \"nam\" of [at, a, A, Name, at]",
                        "into: names no column; list at least one, or leave the transform out");
        assertThat(out).isNotEmpty();
    }
}
