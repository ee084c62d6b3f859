package io.firn;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

import io.firn.config.Overrides;
import io.firn.init.TableYaml;
import io.firn.table.Destructive;
import io.firn.table.TableName;

/** A project of one table, {@code lake.shop.orders}, in a folder of its own. */
final class TableProject implements AutoCloseable {
    static final String TABLE = "lake.shop.orders";

    private final Path home;
    private final SparkSession spark;
    private final Catalogs catalogs;

    TableProject(Path home, SparkSession shared) {
        this.home = home;
        write("firn.yaml", "catalogs: {lake: {warehouse: lake/warehouse}}\n");
        Project project = Project.load(home, Overrides.none());
        spark = shared.newSession();
        Catalogs.sparkSettings(project).forEach((key, value) -> {
            if (key.startsWith("spark.sql.catalog.")) {
                spark.conf().set(key, value);
            }
        });
        catalogs = catalogs();
    }

    /** Catalogs of another process of the project. */
    Catalogs catalogs() {
        return new Catalogs(Project.load(home, Overrides.none()), new Configuration());
    }

    Path file() {
        return home.resolve("ddl/shop/orders.yaml");
    }

    TableProject define(String yaml) {
        write("ddl/shop/orders.yaml", yaml);
        return this;
    }

    Path write(String file, String text) {
        try {
            Files.createDirectories(home.resolve(file).getParent());
            return Files.writeString(home.resolve(file), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    LoadedTables tables() {
        return LoadedTables.load(home, Overrides.none(), List.of());
    }

    TablePlan plan() {
        return TablePlan.of(tables(), catalogs).get(0);
    }

    TablePlan apply(Destructive destructive) {
        return TablePlan.apply(tables(), catalogs, destructive).get(0);
    }

    /** What Spark's catalog says of the table: its columns, and how it is laid out. */
    Map<String, String> described() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("schema", spark.table(TABLE).schema().json());
        for (Row property : spark.sql("SHOW TBLPROPERTIES " + TABLE).collectAsList()) {
            if (!property.getString(0).equals("current-snapshot-id")
                    && !property.getString(0).startsWith("firn.history.")) {
                all.put(property.getString(0), property.getString(1));
            }
        }
        spark.sql("DESCRIBE TABLE EXTENDED " + TABLE)
                .collectAsList()
                .forEach(row -> all.merge("described", row.toString() + "\n", String::concat));
        all.computeIfPresent("described", (key, text) -> text.replaceAll("(?m)^\\[(Owner|Table Properties).*\n", ""));
        return all;
    }

    /** The definition that the live table would have. */
    String imported() {
        TableName name = TableName.parse(TABLE);
        return TableYaml.of(catalogs.of(name).definition(name).orElseThrow(), "table.schema.json");
    }

    SparkSession spark() {
        return spark;
    }

    List<String> sql(String statement) {
        return spark.sql(statement).collectAsList().stream().map(Row::toString).toList();
    }

    /** How often the table was committed to. */
    long commits() {
        return spark.sql("SELECT count(*) FROM " + TABLE + ".metadata_log_entries")
                .head()
                .getLong(0);
    }

    static List<String> texts(TablePlan plan) {
        return plan.changes().stream().map(TablePlan.Change::text).toList();
    }

    @Override
    public void close() {
        catalogs.close();
    }
}
