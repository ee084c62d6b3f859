package io.firn.table;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import io.firn.config.Scope;

/** The table properties that Iceberg 1.11 reads, so that a misspelt one is found before it is silently without effect. */
public final class KnownProperties {
    private static final Set<String> OF_COLUMNS = Set.of(
            "write.metadata.metrics.column.",
            "write.parquet.bloom-filter-enabled.column.",
            "write.parquet.bloom-filter-fpp.column.",
            "write.parquet.bloom-filter-ndv.column.",
            "write.parquet.stats-enabled.column.");
    private static final List<String> BOOLEANS = list(
            """
            commit.manifest-merge.enabled compatibility.snapshot-id-inheritance.enabled engine.hive.enabled
            engine.hive.lock-enabled gc.enabled read.orc.vectorization.enabled read.parquet.vectorization.enabled
            read.split.adaptive-size.enabled write.manifest-lists.enabled write.metadata.delete-after-commit.enabled
            write.object-storage.enabled write.object-storage.partitioned-paths write.parquet.shred-variants
            write.spark.accept-any-schema write.spark.auto-schema-evolution.enabled write.spark.fanout.enabled
            write.upsert.enabled write.wap.enabled identifier-fields.rely
            """);
    private static final List<String> NUMBERS = list(
            """
            commit.manifest.min-count-to-merge commit.manifest.target-size-bytes commit.retry.max-wait-ms
            commit.retry.min-wait-ms commit.retry.num-retries commit.retry.total-timeout-ms
            commit.status-check.max-wait-ms commit.status-check.min-wait-ms commit.status-check.num-retries
            commit.status-check.total-timeout-ms history.expire.max-ref-age-ms
            history.expire.max-snapshot-age-ms history.expire.min-snapshots-to-keep read.orc.vectorization.batch-size
            read.parquet.vectorization.batch-size read.split.metadata-target-size read.split.open-file-cost
            read.split.planning-lookback read.split.target-size write.avro.compression-level
            write.delete.avro.compression-level write.delete.orc.block-size-bytes write.delete.orc.stripe-size-bytes
            write.delete.orc.vectorized.batch-size write.delete.parquet.compression-level
            write.delete.parquet.dict-size-bytes write.delete.parquet.page-row-limit
            write.delete.parquet.page-size-bytes write.delete.parquet.row-group-check-max-record-count
            write.delete.parquet.row-group-check-min-record-count write.delete.parquet.row-group-size-bytes
            write.delete.target-file-size-bytes write.manifest.compression-level
            write.metadata.metrics.max-inferred-column-defaults write.metadata.previous-versions-max
            write.orc.block-size-bytes write.orc.stripe-size-bytes write.orc.vectorized.batch-size
            write.parquet.bloom-filter-max-bytes write.parquet.compression-level write.parquet.dict-size-bytes
            write.parquet.page-row-limit write.parquet.page-size-bytes write.parquet.row-group-check-max-record-count
            write.parquet.row-group-check-min-record-count write.parquet.row-group-size-bytes
            write.parquet.variant-inference-buffer-size write.spark.advisory-partition-size-bytes
            write.summary.partition-limit write.target-file-size-bytes
            """);
    private static final List<String> OTHERS = list(
            """
            comment read.data-planning-mode read.delete-planning-mode schema.name-mapping.default
            write.data.path write.folder-storage.path write.location-provider.impl write.metadata.metrics.default
            write.metadata.path write.object-storage.path write.orc.bloom.filter.columns write.orc.bloom.filter.fpp
            """);
    private static final List<String> CODECS = List.of("zstd", "gzip", "snappy", "lz4", "uncompressed");
    private static final List<String> AVRO_CODECS = List.of("gzip", "zstd", "snappy", "uncompressed");
    private static final List<String> ORC_CODECS = List.of("zlib", "zstd", "snappy", "lz4", "lzo", "none");
    private static final List<String> FORMATS = List.of("parquet", "avro", "orc");
    private static final List<String> MODES = List.of("copy-on-write", "merge-on-read");
    private static final List<String> LEVELS = List.of("serializable", "snapshot");
    private static final List<String> DISTRIBUTIONS = List.of("none", "hash", "range");
    private static final Map<String, List<String>> CHOICES = Map.ofEntries(
            Map.entry("write.format.default", FORMATS),
            Map.entry("write.delete.format.default", FORMATS),
            Map.entry("write.parquet.compression-codec", CODECS),
            Map.entry("write.delete.parquet.compression-codec", CODECS),
            Map.entry("write.avro.compression-codec", AVRO_CODECS),
            Map.entry("write.delete.avro.compression-codec", AVRO_CODECS),
            Map.entry("write.manifest.compression-codec", AVRO_CODECS),
            Map.entry("write.orc.compression-codec", ORC_CODECS),
            Map.entry("write.delete.orc.compression-codec", ORC_CODECS),
            Map.entry("write.orc.compression-strategy", List.of("speed", "compression")),
            Map.entry("write.delete.orc.compression-strategy", List.of("speed", "compression")),
            Map.entry("write.parquet.page-version", List.of("v1", "v2")),
            Map.entry("write.delete.parquet.page-version", List.of("v1", "v2")),
            Map.entry("write.metadata.compression-codec", List.of("none", "gzip")),
            Map.entry("write.delete.granularity", List.of("partition", "file")),
            Map.entry("write.delete.mode", MODES),
            Map.entry("write.update.mode", MODES),
            Map.entry("write.merge.mode", MODES),
            Map.entry("write.delete.isolation-level", LEVELS),
            Map.entry("write.update.isolation-level", LEVELS),
            Map.entry("write.merge.isolation-level", LEVELS),
            Map.entry("write.distribution-mode", DISTRIBUTIONS),
            Map.entry("write.delete.distribution-mode", DISTRIBUTIONS),
            Map.entry("write.update.distribution-mode", DISTRIBUTIONS),
            Map.entry("write.merge.distribution-mode", DISTRIBUTIONS));
    private static final Set<String> NAMES = names();
    private static final Set<String> FAMILIES =
            Set.of("write", "read", "commit", "history", "gc", "compatibility", "engine", "schema", "format-version");

    private KnownProperties() {}

    /** Reports properties that Iceberg would not heed, or that other keys of the definition say. */
    public static void check(Map<String, String> properties, List<String> columns, Scope scope) {
        properties.forEach((name, value) -> {
            String column = column(name);
            if (column != null) {
                column(name, column, value, columns, scope.at(name));
            } else if (name.equals(TableLayout.FORMAT_VERSION)) {
                scope.at(name).problem("write format-version beside \"properties\", not in it");
            } else if (name.startsWith("firn.")) {
                scope.at(name).problem("property \"" + name + "\": names that start with firn. are Firn's own");
            } else if (name.startsWith("encryption.")) {
                scope.at(name)
                        .problem("property \"" + name + "\": catalogs such as Glue take it, and files are written in"
                                + " plain all the same; leave it out and set the kms-key of the catalog in firn.yaml,"
                                + " which encrypts everything that is written to S3");
            } else if (NAMES.contains(name)) {
                value(name, value, scope.at(name));
            } else if (FAMILIES.contains(name.replaceFirst("\\..*", ""))) {
                scope.at(name).unknown("property", name, near(name));
            }
        });
    }

    static Set<String> all() {
        return NAMES;
    }

    /** The column that a property is about; null: it is about the table. */
    static String column(String name) {
        return OF_COLUMNS.stream()
                .filter(name::startsWith)
                .findFirst()
                .map(prefix -> name.substring(prefix.length()))
                .orElse(null);
    }

    private static void column(String name, String column, String value, List<String> columns, Scope at) {
        String top = column.replaceFirst("\\..*", "");
        if (!columns.contains(column) && !columns.contains(top) && !top.startsWith("firn_")) {
            at.unknown("column", top, columns);
        } else if (name.contains("-enabled.") && !value.matches("true|false")) {
            at.problem("property " + name + " is true or false");
        } else if (name.contains(".metrics.") && !value.matches("none|counts|full|truncate\\(\\d+\\)")) {
            at.problem("property " + name + " is none, counts, truncate(16) or full");
        }
    }

    private static void value(String name, String value, Scope at) {
        if (value.contains("${")) {
            return;
        }
        if (BOOLEANS.contains(name) && !value.matches("true|false")) {
            at.problem("property " + name + " is true or false");
        } else if (NUMBERS.contains(name) && !value.matches("-?\\d{1,18}")) {
            at.problem("property " + name + " is a whole number, in bytes or milliseconds where it names them");
        } else if (CHOICES.containsKey(name) && !CHOICES.get(name).contains(value)) {
            at.problem("property " + name + " is one of " + String.join(", ", CHOICES.get(name)));
        }
    }

    /** Names to choose from where none is nearly the same: those that begin alike. */
    private static Set<String> near(String name) {
        String family = name.replaceFirst("^([^.]*\\.?[^.]*).*", "$1");
        Set<String> alike = new TreeSet<>(NAMES);
        alike.addAll(OF_COLUMNS);
        Set<String> close = new TreeSet<>(alike);
        close.removeIf(known -> !known.startsWith(family));
        return close.isEmpty() ? alike : close;
    }

    private static Set<String> names() {
        Set<String> all = new TreeSet<>(CHOICES.keySet());
        all.addAll(BOOLEANS);
        all.addAll(NUMBERS);
        all.addAll(OTHERS);
        return all;
    }

    private static List<String> list(String words) {
        return Arrays.asList(words.strip().split("\\s+"));
    }
}
