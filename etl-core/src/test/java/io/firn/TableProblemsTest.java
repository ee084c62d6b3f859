package io.firn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.firn.config.Overrides;
import io.firn.table.PartitionField;
import io.firn.table.TableDefinition.Mode;

/** What is wrong in definitions of tables, and in pipelines that use them. */
class TableProblemsTest {
    private static final String PIPELINE =
            """
            pipeline: shop
            source: {type: json-dump, path: "{date}", event-name: type}
            events:
              Order:
            """;
    private static final String ORDERS =
            """
            columns:
              - {name: id, type: long, required: true}
              - {name: note, type: string}
            partition-by: ["bucket(4, id)"]
            mode: append
            """;

    @TempDir
    private Path folder;

    @BeforeEach
    void project() throws IOException {
        Files.writeString(folder.resolve("firn.yaml"), "catalogs: {lake: {warehouse: lake/warehouse}}\n");
        Files.createDirectories(folder.resolve("ddl/shop"));
    }

    @Test
    void everythingWrongComesAtOnceWithItsPlace() throws IOException {
        assertThat(
                        problems(
                                "ddl/shop/orders.yaml",
                                """
                                colums: []
                                columns:
                                  - {name: id, type: long, requird: true}
                                  - {name: ID, type: int, initial-default: x}
                                  - {name: firn_file, type: string}
                                  - {name: a, type: int, initial-default: 7.5, renamed-from: id}
                                  - {name: b, type: "list<struct<x: int>>", renamed-fields: {element.y: z}, initial-default: 1}
                                  - {name: c, type: string, renamed-from: old}
                                  - {name: d, type: string, renamed-from: old}
                                  - {name: e, type: strng}
                                partition-by: [day(a)]
                                sort-by: [nothing]
                                id-columns: [id, b]
                                mode: upsert
                                format-version: 4
                                properties:
                                  write.parquet.compresion-codec: zstd
                                  write.parquet.compression-codec: brotly
                                  write.target-file-size-bytes: 512MB
                                  write.object-storage.enabled: yes
                                  write.metadata.metrics.column.amont: full
                                  write.metadata.metrics.column.a: most
                                  format-version: 3
                                  firn.ledger.x: y
                                  owner: me
                                """))
                .containsExactly(
                        "1:1: unknown key \"colums\"; did you mean \"columns\"?",
                        "3:28: unknown key \"requird\"; did you mean \"required\"?",
                        "10:21: type 'strng': unknown type 'strng'; valid types are boolean, int, long, float, double,"
                                + " date, timestamp, timestamptz, string, uuid, binary, decimal(precision,scale),"
                                + " fixed[length], struct<name: type, ...>, list<type>, map<string, type>");
        assertThat(
                        problems(
                                "ddl/shop/orders.yaml",
                                """
                                columns:
                                  - {name: id, type: long}
                                  - {name: ID, type: int, initial-default: x}
                                  - {name: firn_file, type: string}
                                  - {name: a, type: int, initial-default: 7.5, renamed-from: id}
                                  - {name: b, type: "list<struct<x: int>>", renamed-fields: {element.y: z}, initial-default: 1}
                                  - {name: c, type: string, renamed-from: old}
                                  - {name: d, type: string, renamed-from: old}
                                partition-by: [day(a)]
                                sort-by: [nothing]
                                id-columns: [id, b]
                                mode: upsert
                                format-version: 4
                                properties:
                                  write.parquet.compresion-codec: zstd
                                  write.parquet.compression-codec: brotly
                                  write.target-file-size-bytes: 512MB
                                  write.object-storage.enabled: maybe
                                  write.metadata.metrics.column.amont: full
                                  write.metadata.metrics.column.a: most
                                  format-version: 3
                                  firn.ledger.x: y
                                  encryption.key-id: k
                                  owner: me
                                """))
                .containsExactly(
                        "3:12: column \"ID\" stands twice (names are compared without case)",
                        "3:44: \"x\" is no value of type int; times are written as in 2026-11-20T12:00:00Z, timestamps"
                                + " without the Z",
                        "4:12: column \"firn_file\": names that start with firn_ are Firn's own; choose another and name"
                                + " the key with \"path\"",
                        "5:43: \"7.5\" is no value of type int; times are written as in 2026-11-20T12:00:00Z, timestamps"
                                + " without the Z",
                        "5:62: column \"id\" is listed too, so it was not renamed; once a rename is applied everywhere,"
                                + " remove renamed-from",
                        "6:73: there is no field element.y in type list<struct<x: int>>; write the new path within the"
                                + " column, as in address.zip or element.zip for lists, and the old name behind it",
                        "6:94: a column of type list<struct<x: int>> has no default",
                        "8:43: column \"old\" became another column already",
                        "9:16: partition field day(a): day does not take type int; it takes date, timestamp and"
                                + " timestamptz",
                        "10:11: unknown column \"nothing\"; there are id, ID, firn_file, a, b, c, d",
                        "11:14: column \"id\" names rows, so it must be required",
                        "11:18: a column of type list<struct<x: int>> cannot name a row",
                        "11:18: column \"b\" names rows, so it must be required",
                        "13:17: format-version is 2 or 3",
                        "15:35: unknown property \"write.parquet.compresion-codec\"; did you mean"
                                + " \"write.parquet.compression-codec\"?",
                        "16:36: property write.parquet.compression-codec is one of zstd, gzip, snappy, lz4,"
                                + " uncompressed",
                        "17:33: property write.target-file-size-bytes is a whole number, in bytes or milliseconds where"
                                + " it names them",
                        "18:33: property write.object-storage.enabled is true or false",
                        "19:40: unknown column \"amont\"; there are id, ID, firn_file, a, b, c, d",
                        "20:36: property write.metadata.metrics.column.a is none, counts, truncate(16) or full",
                        "21:19: write format-version beside \"properties\", not in it",
                        "22:18: property \"firn.ledger.x\": names that start with firn. are Firn's own",
                        "23:22: property \"encryption.key-id\": catalogs such as Glue take it, and files are written in"
                                + " plain all the same; leave it out and set the kms-key of the catalog in firn.yaml,"
                                + " which encrypts everything that is written to S3");
    }

    @Test
    void retentionIsSaidOnce() throws IOException {
        assertThat(
                        problems(
                                "ddl/shop/orders.yaml",
                                """
                        columns: [{name: a, type: int}]
                        retention: {snapshots: 7d, min-snapshots: 0}
                        properties: {history.expire.max-snapshot-age-ms: 1}
                        """))
                .containsExactly(
                        "2:43: a table has at least one snapshot; write 1 or more",
                        "3:50: retention says this too; keep one of them");
    }

    @Test
    void policiesHaveFloors() throws IOException {
        assertThat(
                        problems(
                                "ddl/shop/orders.yaml",
                                """
                        columns: [{name: a, type: int}, {name: b, type: "list<int>"}, {name: t, type: date}]
                        partition-by: [a]
                        sort-by: [a]
                        retention: {snapshots: 10m, data: 1h}
                        compaction: {target-file-size: 12kB, z-order-by: [a, b, c]}
                        orphans: {older-than: 2d}
                        properties: {write.target-file-size-bytes: 1000000}
                        """))
                .containsExactly(
                        "4:24: queries read the snapshot with which they began, so it has to stay for a while; write"
                                + " 1h or more",
                        "4:35: rows cannot go before they are a day old; write 1d or more",
                        "4:35: rows go by whole partitions of time, and the table has none; add year, month, day or"
                                + " hour(column) to partition-by",
                        "5:32: write a size between 1MB and 8GB; 128MB to 1GB suit most tables",
                        "5:38: sort-by orders the rows already; keep one of them",
                        "5:54: a z-order takes columns of simple types",
                        "5:57: unknown column \"c\"; there are a, b, t",
                        "6:23: a file younger than three days may belong to a run that is still writing; write 3d or"
                                + " more",
                        "7:44: compaction says this too; keep one of them");
        assertThat(
                        problems(
                                "ddl/shop/orders.yaml",
                                """
                        columns: [{name: t, type: date}, {name: b, type: int}, {name: c, type: int}]
                        partition-by: [month(t)]
                        retention: {snapshots: 7d, data: 5y}
                        compaction: {target-file-size: 256MiB, z-order-by: [b, c]}
                        orphans: {older-than: 7d}
                        """))
                .isEmpty();
    }

    @Test
    void aDefaultTakesTheThirdFormat() throws IOException {
        assertThat(problems("ddl/shop/orders.yaml", "columns: [{name: a, type: int, initial-default: 7}]\n"))
                .containsExactly(
                        "1:49: initial-default takes format-version: 3; in older formats rows that were written"
                                + " before the column read null");
    }

    @Test
    void thePathNamesTheTable() throws IOException {
        String columns = "columns: [{name: a, type: int}]\n";
        assertThat(problems("ddl/shop/orders.yaml", "table: lake.shop.order\n" + columns))
                .containsExactly("1:8: table lake.shop.order would be defined in <here>/ddl/shop/order.yaml; move the"
                        + " file, or leave \"table\" out");
        assertThat(problems("ddl/shop/orders.yaml", "table: lak.shop.orders\n" + columns))
                .containsExactly("1:8: unknown catalog \"lak\"; did you mean \"lake\"?");
        assertThat(problems("ddl/orders.yaml", columns))
                .containsExactly("1:1: tables are defined in ddl/<namespace>/<table>.yaml; move it there");
        assertThat(problems("ddl/shop/or-ders.yaml", columns))
                .containsExactly(
                        "1:1: table \"lake.shop.or-ders\": \"or-ders\" is not a name; use letters, digits and _,"
                                + " not starting with a digit");
        assertThat(problems("ddl/shop/orders.yaml", "comment: nothing\n"))
                .containsExactly("1:1: no column is listed; name at least one");
    }

    @Test
    void aTargetTakesEverythingFromTheDefinition() throws IOException {
        write("ddl/shop/orders.yaml", ORDERS);
        Path pipeline = write("p.yaml", PIPELINE + "    target: {table: lake.shop.orders}\n");

        ResolvedEvent event = Pipeline.load(pipeline, Overrides.none()).events().get(0);

        assertThat(event.columns()).extracting("name").containsExactly("id", "note");
        assertThat(event.target().partitionBy())
                .extracting(PartitionField::text)
                .containsExactly("bucket(4, id)");
        assertThat(event.target().mode()).isEqualTo(Mode.APPEND);
        assertThat(event.target().columns()).hasSize(2);
    }

    @Test
    void aDefinitionAndATargetAtOnceAreAMistake() throws IOException {
        write("ddl/shop/order.yaml", ORDERS);
        assertThat(problems("p.yaml", PIPELINE + "    target: {mode: append, id-columns: [id]}\n"))
                .containsExactly(
                        "5:20: table lake.shop.order is defined in <here>/ddl/shop/order.yaml: write \"mode\" there, or"
                                + " remove that file",
                        "5:28: table lake.shop.order is defined in <here>/ddl/shop/order.yaml: write \"id-columns\""
                                + " there, or remove that file");
        assertThat(problems(
                        "p.yaml", PIPELINE + "    target: {table: lake.shop.other, columns: [{name: a, type: int}]}\n"))
                .contains("5:38: a table's columns are those of its event after the transforms; a table is defined by"
                        + " itself in ddl/<namespace>/<table>.yaml");
    }

    @Test
    void rowsMustFitTheDefinition() throws IOException {
        write("ddl/shop/order.yaml", ORDERS);
        assertThat(
                        problems(
                                "p.yaml",
                                PIPELINE
                                        + "    columns: [{name: id, type: long}, {name: note, type: int}, {name: more, type: int}]\n"))
                .containsExactly(
                        "5:5: column \"id\" is required in <here>/ddl/shop/order.yaml: write required: true here too",
                        "5:5: column \"more\" is not in <here>/ddl/shop/order.yaml: write it there, or leave it out here",
                        "5:5: column \"note\" is int here and string in <here>/ddl/shop/order.yaml: write the same type,"
                                + " or cast it");
        assertThat(problems("p.yaml", PIPELINE + "    columns: [{name: note, type: string}]\n"))
                .containsExactly(
                        "5:5: column \"id\" is required in <here>/ddl/shop/order.yaml, and no column here gives"
                                + " its values");
        write("ddl/shop/order.yaml", "columns: [{name: id, type: lng}]\n");
        assertThat(problems("p.yaml", PIPELINE + "    columns: [{name: id, type: long}]\n"))
                .allMatch(problem -> problem.startsWith("<here>/ddl/shop/order.yaml:1:28: type 'lng'"))
                .hasSize(1);
    }

    @Test
    void tablesAreNamedByNameFileOrFolder() throws IOException {
        write("ddl/shop/orders.yaml", ORDERS);
        write("ddl/shop/items.yaml", ORDERS);

        assertThat(named()).containsExactly("lake.shop.items", "lake.shop.orders");
        assertThat(named("shop.orders")).containsExactly("lake.shop.orders");
        assertThat(named("lake.shop.orders")).containsExactly("lake.shop.orders");
        assertThat(named(folder.resolve("ddl/shop/items.yaml").toString())).containsExactly("lake.shop.items");
        assertThat(named(folder.resolve("ddl").toString())).hasSize(2);
        assertThatThrownBy(() -> named("shop.nothing"))
                .isInstanceOf(FirnException.class)
                .hasMessage("there is no table shop.nothing under " + folder
                        + "/ddl; it has lake.shop.items, lake.shop.orders");
    }

    @Test
    void whatIsNoYamlFileIsMeantAsATable() throws IOException {
        Path pipeline = write("pipeline.yaml", "pipeline: shop");

        assertThat(LoadedTables.named("shop.nothing", folder, Overrides.none())).isTrue();
        assertThat(LoadedTables.named("nothing.yaml", folder, Overrides.none())).isFalse();
        assertThat(LoadedTables.named(pipeline.toString(), folder, Overrides.none()))
                .isFalse();
    }

    private List<String> named(String... which) {
        return LoadedTables.load(folder, Overrides.none(), List.of(which)).tables().stream()
                .map(table -> table.definition().table().text())
                .toList();
    }

    private Path write(String file, String text) throws IOException {
        return Files.writeString(folder.resolve(file), text);
    }

    private List<String> problems(String name, String yaml) throws IOException {
        Path file = write(name, yaml);
        return Config.validate(List.of(file), Overrides.none()).stream()
                .map(problem -> problem.toString().replace(file + ":", "").replace(folder.toString(), "<here>"))
                .toList();
    }
}
