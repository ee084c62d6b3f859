package io.firn.table;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.apache.iceberg.Schema;
import org.apache.iceberg.SchemaParser;
import org.apache.iceberg.Table;
import org.apache.iceberg.encryption.PlaintextEncryptionManager;
import org.apache.iceberg.util.PropertyUtil;

import io.firn.parquet.Codec;
import io.firn.parquet.FileLayout;
import io.firn.parquet.FileSettings;

/** Whether a table's files can be written column by column, and how. */
final class ColumnarLayout {
    private static final String PREFIX = "write.parquet.";
    private static final String ROW_GROUP = PREFIX + "row-group-size-bytes";
    private static final String PAGE = PREFIX + "page-size-bytes";
    private static final String DICTIONARY = PREFIX + "dict-size-bytes";
    private static final String CODEC = PREFIX + "compression-codec";
    private static final String LEVEL = PREFIX + "compression-level";
    /** What the columnar writer heeds. All else that a table may ask of its Parquet files is Iceberg's own writer's. */
    private static final Set<String> HEEDED = Set.of(ROW_GROUP, PAGE, DICTIONARY, CODEC, LEVEL);

    private ColumnarLayout() {}

    /** The layout; empty where the table asks for what only Iceberg's writer can do. */
    static Optional<FileLayout> of(Table table, Schema schema, Map<String, String> properties) {
        boolean heeded = properties.keySet().stream().allMatch(key -> !key.startsWith(PREFIX) || HEEDED.contains(key));
        Optional<Codec> codec = codec(properties);
        if (!heeded || codec.isEmpty() || !(table.encryption() instanceof PlaintextEncryptionManager)) {
            return Optional.empty();
        }
        FileSettings settings = new FileSettings(
                PropertyUtil.propertyAsLong(properties, ROW_GROUP, 128L << 20),
                PropertyUtil.propertyAsInt(properties, PAGE, 1 << 20),
                PropertyUtil.propertyAsInt(properties, DICTIONARY, 2 << 20),
                codec.get(),
                Map.of("iceberg.schema", SchemaParser.toJson(schema)));
        return ParquetTypes.of(schema).map(message -> new FileLayout(message, settings));
    }

    private static Optional<Codec> codec(Map<String, String> properties) {
        return switch (properties.getOrDefault(CODEC, "gzip").toLowerCase(Locale.ROOT)) {
            case "zstd" -> Optional.of(new Codec.Zstd(PropertyUtil.propertyAsInt(properties, LEVEL, 3)));
            case "uncompressed" -> Optional.of(new Codec.Uncompressed());
            default -> Optional.empty();
        };
    }
}
