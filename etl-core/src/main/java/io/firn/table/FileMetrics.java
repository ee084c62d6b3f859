package io.firn.table;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

import org.apache.iceberg.Metrics;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.MetricsModes;
import org.apache.iceberg.MetricsModes.MetricsMode;
import org.apache.iceberg.MetricsUtil;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types.DecimalType;
import org.apache.iceberg.util.BinaryUtil;
import org.apache.iceberg.util.UnicodeUtil;

import io.firn.parquet.ColumnFacts;
import io.firn.parquet.FileFacts;

/** What a file's columns came to as Iceberg keeps it in manifests, as far as the table wants it kept. */
final class FileMetrics {
    private final Schema schema;
    private final MetricsConfig config;
    private final Map<Integer, MetricsMode> modes = new HashMap<>();

    FileMetrics(Schema schema, MetricsConfig config) {
        this.schema = schema;
        this.config = config;
    }

    Metrics of(FileFacts facts) {
        Map<Integer, Long> sizes = new HashMap<>();
        Map<Integer, Long> values = new HashMap<>();
        Map<Integer, Long> nulls = new HashMap<>();
        Map<Integer, Long> nans = new HashMap<>();
        Map<Integer, ByteBuffer> lower = new HashMap<>();
        Map<Integer, ByteBuffer> upper = new HashMap<>();
        for (ColumnFacts column : facts.columns()) {
            int id = column.fieldId();
            MetricsMode mode = modes.computeIfAbsent(id, any -> MetricsUtil.metricsMode(schema, config, id));
            if (mode.equals(MetricsModes.None.get())) {
                continue;
            }
            sizes.put(id, column.size());
            if (column.repeated()) {
                continue;
            }
            values.put(id, column.values());
            nulls.put(id, column.nulls());
            Type type = schema.findType(id);
            if (type.typeId() == Type.TypeID.FLOAT || type.typeId() == Type.TypeID.DOUBLE) {
                nans.put(id, column.nans());
            }
            if (column.lower() != null && !mode.equals(MetricsModes.Counts.get())) {
                put(lower, id, lower(type, column.lower().array(), mode));
                put(upper, id, upper(type, column.upper().array(), mode));
            }
        }
        return new Metrics(facts.rows(), sizes, values, nulls, nans, lower, upper);
    }

    private static void put(Map<Integer, ByteBuffer> bounds, int id, ByteBuffer bound) {
        if (bound != null) {
            bounds.put(id, bound);
        }
    }

    private static ByteBuffer lower(Type type, byte[] value, MetricsMode mode) {
        if (mode instanceof MetricsModes.Truncate truncate) {
            if (type.typeId() == Type.TypeID.STRING) {
                return utf8(UnicodeUtil.truncateStringMin(text(value), truncate.length()));
            }
            if (type.typeId() == Type.TypeID.BINARY) {
                return BinaryUtil.truncateBinaryMin(ByteBuffer.wrap(value), truncate.length());
            }
        }
        return exact(type, value);
    }

    /** Null where nothing shorter is greater. */
    private static ByteBuffer upper(Type type, byte[] value, MetricsMode mode) {
        if (mode instanceof MetricsModes.Truncate truncate) {
            if (type.typeId() == Type.TypeID.STRING) {
                String bound = UnicodeUtil.truncateStringMax(text(value), truncate.length());
                return bound == null ? null : utf8(bound);
            }
            if (type.typeId() == Type.TypeID.BINARY) {
                return BinaryUtil.truncateBinaryMax(ByteBuffer.wrap(value), truncate.length());
            }
        }
        return exact(type, value);
    }

    /** Iceberg's form of single values is Parquet's plain one, but for decimals. */
    private static ByteBuffer exact(Type type, byte[] value) {
        if (!(type instanceof DecimalType decimal)) {
            return ByteBuffer.wrap(value);
        }
        ByteBuffer plain = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
        BigInteger unscaled;
        if (decimal.precision() > 18) {
            unscaled = new BigInteger(value);
        } else {
            unscaled = BigInteger.valueOf(value.length == 4 ? plain.getInt() : plain.getLong());
        }
        return ByteBuffer.wrap(unscaled.toByteArray());
    }

    private static String text(byte[] value) {
        return new String(value, StandardCharsets.UTF_8);
    }

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
