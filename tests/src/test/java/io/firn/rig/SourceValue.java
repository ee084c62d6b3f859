package io.firn.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.TimestampType;

/** A database's own text of a value, made into the text that {@link LakeValue} gives the same value. */
final class SourceValue {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern TIMESTAMP =
            Pattern.compile("(\\d{4}-(?!00)\\d\\d-(?!00)\\d\\d)[ T](\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?)(?:\\+00)?");
    private static final DateTimeFormatter ZONED_TIME = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .appendOffset("+HH:mm", "+00")
            .toFormatter(Locale.ROOT);
    private static final Pattern DURATION = Pattern.compile("(-?)(\\d+):(\\d\\d):(\\d\\d)(?:\\.(\\d{1,6}))?");

    private SourceValue() {}

    /** A type without what stands in parentheses and after a blank, but for the zone. */
    static String base(String type) {
        String zone = type.contains("with time zone") ? "tz" : "";
        String plain = type.replaceAll("\\(.*?\\)", "").replaceAll(" (unsigned|zerofill|with.* time zone)", "");
        return plain.strip() + zone;
    }

    static String text(SourceTable.Column column, String text, DataType lake) {
        if (text == null) {
            return null;
        }
        if (!column.isArray()) {
            return scalar(column.type(), text, lake);
        }
        try {
            return array(column.type(), JSON.readTree(text), lake);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String array(String type, JsonNode node, DataType lake) {
        if (!node.isArray()) {
            return node.isNull() ? null : scalar(type, node.asText(), lake);
        }
        DataType element = lake instanceof ArrayType array ? array.elementType() : lake;
        List<String> values = new ArrayList<>();
        for (JsonNode value : node) {
            String one = array(type, value, element);
            values.add(one != null && element instanceof StringType ? LakeValue.quoted(one) : one);
        }
        return values.toString();
    }

    private static String scalar(String type, String text, DataType lake) {
        return switch (base(type)) {
            case "boolean" -> Boolean.toString(text.startsWith("t"));
            case "real", "float" -> real(text, lake);
            case "double precision", "double" -> Double.toString(Double.parseDouble(text));
            case "numeric", "decimal", "money" -> number(text, lake);
            case "bytea" -> "x'" + text.substring(2) + "'";
            case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob" ->
                "x'" + text.toLowerCase(Locale.ROOT) + "'";
            case "bit", "bit varying" -> bits(text, lake);
            case "timestamp", "timestamptz", "datetime" -> timestamp(text, lake);
            case "time" -> lake instanceof StringType ? text : micros(text);
            case "timetz" -> utc(text);
            case "hstore" -> lake instanceof MapType ? map(text) : sortedJson(text);
            case "point" -> point(text);
            case "geometry", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon" ->
                "{wkb=x'" + text.toLowerCase(Locale.ROOT) + "', srid=null}";
            case "interval" -> new BigDecimal(text).toBigInteger().toString();
            default -> text;
        };
    }

    private static String real(String text, DataType lake) {
        float value = (float) Double.parseDouble(text);
        return lake instanceof DoubleType ? Double.toString(value) : Float.toString(value);
    }

    private static String number(String text, DataType lake) {
        if (lake instanceof DoubleType) {
            return Double.toString(Double.parseDouble(text));
        }
        return lake instanceof DecimalType && !text.equals("NaN") ? LakeValue.decimal(new BigDecimal(text)) : text;
    }

    /** From digits of base two, the lowest byte first. */
    private static String bits(String digits, DataType lake) {
        BigInteger value = digits.isEmpty() ? BigInteger.ZERO : new BigInteger(digits, 2);
        if (lake instanceof BooleanType) {
            return Boolean.toString(value.signum() > 0);
        }
        if (lake instanceof LongType || lake instanceof IntegerType) {
            return value.toString();
        }
        byte[] bytes = new byte[(digits.length() + 7) / 8];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = value.shiftRight(8 * i).byteValue();
        }
        return LakeValue.hex(bytes);
    }

    /** What is no such time stays as the database says it, and so differs from every value. */
    private static String timestamp(String text, DataType lake) {
        Matcher parts = TIMESTAMP.matcher(text);
        if (!parts.matches()) {
            return text;
        }
        LocalDateTime time = LocalDateTime.parse(parts.group(1) + "T" + parts.group(2));
        Instant instant = time.toInstant(ZoneOffset.UTC);
        long micros = Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1000);
        if (lake instanceof LongType) {
            return Long.toString(micros);
        }
        return LakeValue.instant(micros) + (lake instanceof TimestampType ? "Z" : "");
    }

    private static String micros(String text) {
        Matcher parts = DURATION.matcher(text);
        if (!parts.matches()) {
            return text;
        }
        long seconds = Long.parseLong(parts.group(2)) * 3600
                + Long.parseLong(parts.group(3)) * 60
                + Long.parseLong(parts.group(4));
        String fraction = parts.group(5) == null ? "" : parts.group(5);
        long micros = seconds * 1_000_000 + Long.parseLong((fraction + "000000").substring(0, 6));
        return Long.toString(parts.group(1).isEmpty() ? micros : -micros);
    }

    private static String utc(String text) {
        return DateTimeFormatter.ISO_OFFSET_TIME.format(
                OffsetTime.parse(text, ZONED_TIME).withOffsetSameInstant(ZoneOffset.UTC));
    }

    /** {@code (x,y)}, and the same as well-known binary. */
    private static String point(String text) {
        String[] numbers = text.replaceAll("[()]", "").split(",", -1);
        double x = Double.parseDouble(numbers[0]);
        double y = Double.parseDouble(numbers[1]);
        byte[] wkb = ByteBuffer.allocate(21)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 1)
                .putInt(1)
                .putDouble(x)
                .putDouble(y)
                .array();
        return "{x=" + x + ", y=" + y + ", wkb=" + LakeValue.hex(wkb) + ", srid=null}";
    }

    private static String map(String json) {
        TreeMap<String, String> sorted = new TreeMap<>();
        parsed(json)
                .forEach((key, value) ->
                        sorted.put(LakeValue.quoted(key), value == null ? null : LakeValue.quoted(value)));
        return sorted.toString();
    }

    /** An hstore has no order of its own. */
    static String sortedJson(String json) {
        return json == null ? null : JSON.valueToTree(parsed(json)).toString();
    }

    private static Map<String, String> parsed(String json) {
        try {
            return JSON.readValue(json, new TypeReference<TreeMap<String, String>>() {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
