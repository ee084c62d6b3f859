package io.firn.it;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.avro.AvroParquetReader;
import org.apache.parquet.avro.AvroReadSupport;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;

import io.firn.schema.Column;
import io.firn.schema.ColumnType;
import io.firn.schema.ColumnType.Decimal;
import io.firn.schema.ColumnType.Field;
import io.firn.schema.ColumnType.Fixed;
import io.firn.schema.ColumnType.Listing;
import io.firn.schema.ColumnType.Mapping;
import io.firn.schema.ColumnType.Scalar;
import io.firn.schema.ColumnType.Struct;

/** A row of a data file as parquet-avro reads it, which shares no code with Firn, Iceberg or Spark's reader. */
record AvroRow(GenericRecord row) {

    static List<AvroRow> read(String file) throws IOException {
        Configuration conf = new Configuration();
        conf.setBoolean(AvroReadSupport.READ_INT96_AS_FIXED, true);
        conf.setBoolean("parquet.avro.add-list-element-records", false);
        List<AvroRow> rows = new ArrayList<>();
        try (ParquetReader<GenericRecord> reader = AvroParquetReader.<GenericRecord>builder(
                        HadoopInputFile.fromPath(new Path(file), conf))
                .withDataModel(new GenericData())
                .withConf(conf)
                .build()) {
            for (GenericRecord row = reader.read(); row != null; row = reader.read()) {
                rows.add(new AvroRow(row));
            }
        }
        return rows;
    }

    /** Values as {@link io.firn.decode.ReferenceParser} tells them. */
    List<Object> values(List<Column> columns) {
        List<Object> values = new ArrayList<>();
        columns.forEach(column -> values.add(value(column.name(), column.type())));
        return values;
    }

    Object value(String name, ColumnType type) {
        return value(row.get(name), type);
    }

    private static Object value(Object avro, ColumnType type) {
        if (avro == null) {
            return null;
        }
        if (type instanceof Scalar scalar) {
            return scalar(avro, scalar);
        }
        if (type instanceof Decimal decimal) {
            return decimal(avro, decimal.scale());
        }
        if (type instanceof Fixed) {
            return hex(((GenericFixed) avro).bytes());
        }
        if (type instanceof Struct struct) {
            List<Object> values = new ArrayList<>();
            for (Field field : struct.fields()) {
                values.add(value(((GenericRecord) avro).get(field.name()), field.type()));
            }
            return values;
        }
        if (type instanceof Listing list) {
            List<Object> values = new ArrayList<>();
            ((Iterable<?>) avro).forEach(element -> values.add(value(element, list.element())));
            return values;
        }
        Map<Object, Object> values = new LinkedHashMap<>();
        ((Map<?, ?>) avro).forEach((key, value) -> values.put(key.toString(), value(value, ((Mapping) type).value())));
        return values;
    }

    private static Object scalar(Object avro, Scalar type) {
        return switch (type) {
            case BOOLEAN, INT, LONG, FLOAT, DOUBLE -> avro;
            case STRING -> avro.toString();
            case DATE -> LocalDate.ofEpochDay((Integer) avro);
            case TIMESTAMPTZ -> instant(avro);
            case TIMESTAMP -> LocalDateTime.ofInstant(instant(avro), ZoneOffset.UTC);
            case UUID -> {
                ByteBuffer bytes = ByteBuffer.wrap(((GenericFixed) avro).bytes());
                yield new UUID(bytes.getLong(), bytes.getLong()).toString();
            }
            case BINARY -> {
                ByteBuffer buffer = ((ByteBuffer) avro).duplicate();
                byte[] bytes = new byte[buffer.remaining()];
                buffer.get(bytes);
                yield hex(bytes);
            }
        };
    }

    private static BigDecimal decimal(Object avro, int scale) {
        BigInteger unscaled = avro instanceof GenericFixed fixed
                ? new BigInteger(fixed.bytes())
                : BigInteger.valueOf(((Number) avro).longValue());
        return new BigDecimal(unscaled, scale);
    }

    private static Instant instant(Object micros) {
        return Instant.EPOCH.plus((Long) micros, ChronoUnit.MICROS);
    }

    private static String hex(byte[] bytes) {
        return "x'" + HexFormat.of().formatHex(bytes) + "'";
    }
}
