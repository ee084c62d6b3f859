package io.firn.decode;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;

import io.firn.schema.Column;
import io.firn.schema.ColumnType;
import io.firn.schema.ColumnType.Decimal;
import io.firn.schema.ColumnType.Field;
import io.firn.schema.ColumnType.Fixed;
import io.firn.schema.ColumnType.Listing;
import io.firn.schema.ColumnType.Mapping;
import io.firn.schema.ColumnType.Scalar;
import io.firn.schema.ColumnType.Struct;
import io.firn.schema.Format;

/**
 * What a line must load as, told by Jackson, BigDecimal and java.time at their strictest: simple, slow, and written apart
 * from the decoder. Values are Boolean, Integer, Long, Float, Double, BigDecimal, String, {@code x'..'} for bytes,
 * LocalDate, LocalDateTime, Instant, List for lists and structs, Map.
 */
public final class ReferenceParser {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(1000)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .build();
    private static final Pattern ISO = Pattern.compile(
            "(\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(?::\\d{2})?)(?:\\.(\\d+))?" + "(Z|[+-]\\d{2}(?::?\\d{2})?)?");
    private static final Pattern ISO_SECONDS = Pattern.compile(".*T\\d{2}:\\d{2}:\\d{2}");
    private static final Pattern EXPONENT = Pattern.compile("(.*?)[eE]([+-]?)0*(\\d+)");
    /** Jackson looks only at the low byte of a hex digit, so that others than ASCII's would pass. */
    private static final Pattern BAD_ESCAPE = Pattern.compile("(?<!\\\\)(?:\\\\\\\\)*\\\\u(?![0-9a-fA-F]{4})");

    private static final Instant MIN = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant MAX = Instant.parse("9999-12-31T23:59:59.999999Z");

    /** The line must be quarantined. */
    private static final class Refused extends RuntimeException {
        Refused(String why) {
            super(why);
        }
    }

    /** A JSON value and its text; numbers are a {@link Num}. */
    private record Node(Object value, String raw) {}

    private record Num(String text) {}

    private ReferenceParser() {}

    /** The row of a line by column, or nothing when the line must be quarantined. */
    public static Optional<List<Object>> parse(byte[] line, List<Column> columns) {
        try {
            Node root = document(line);
            if (!(root.value instanceof Map)) {
                throw new Refused("no object");
            }
            List<Object> row = new ArrayList<>();
            for (Column column : columns) {
                Object value = convert(at(root, column.location().keys()), column.type(), column.format());
                if (value == null && column.required()) {
                    throw new Refused(column.name());
                }
                row.add(value);
            }
            return Optional.of(row);
        } catch (Refused | IOException | DateTimeException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    private static Node at(Node root, List<String> path) {
        Node node = root;
        for (String key : path) {
            if (node == null || node.value == null) {
                return null;
            }
            if (!(node.value instanceof Map<?, ?> object)) {
                throw new Refused("no object above " + key);
            }
            node = (Node) object.get(key);
        }
        return node;
    }

    private static Node document(byte[] line) throws IOException {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Refused("UTF-8");
        }
        if (BAD_ESCAPE.matcher(text).find()) {
            throw new Refused("escape");
        }
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() == null) {
                throw new Refused("empty");
            }
            Node root = node(parser, text);
            if (parser.nextToken() != null) {
                throw new Refused("two documents");
            }
            return root;
        }
    }

    private static Node node(JsonParser parser, String text) throws IOException {
        int from = (int) parser.currentTokenLocation().getCharOffset();
        JsonToken token = parser.currentToken();
        switch (token) {
            case START_OBJECT -> {
                Map<String, Node> object = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String key = whole(parser.currentName());
                    parser.nextToken();
                    object.put(key, node(parser, text));
                }
                return new Node(object, text.substring(from, (int)
                        parser.currentLocation().getCharOffset()));
            }
            case START_ARRAY -> {
                List<Node> array = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    array.add(node(parser, text));
                }
                return new Node(array, text.substring(from, (int)
                        parser.currentLocation().getCharOffset()));
            }
            case VALUE_STRING -> {
                String value = whole(parser.getText());
                return new Node(value, text.substring(from, (int)
                        parser.currentLocation().getCharOffset()));
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                return new Node(new Num(parser.getText()), parser.getText());
            }
            case VALUE_TRUE, VALUE_FALSE -> {
                return new Node(token == JsonToken.VALUE_TRUE, parser.getText());
            }
            case VALUE_NULL -> {
                return new Node(null, "null");
            }
            default -> throw new Refused("token " + token);
        }
    }

    /** Refuses halves of surrogate pairs, which Jackson lets pass. */
    private static String whole(String text) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new Refused("surrogate");
        }
        return text;
    }

    private static Object convert(Node node, ColumnType type, Format format) {
        if (node == null || node.value == null) {
            return null;
        }
        Format.Kind kind = format == null ? null : format.kind();
        if (type instanceof Scalar scalar) {
            return switch (scalar) {
                case BOOLEAN -> as(Boolean.class, node);
                case INT -> exact(node).intValueExact();
                case LONG -> exact(node).longValueExact();
                case FLOAT -> finite(Float.parseFloat(as(Num.class, node).text));
                case DOUBLE -> finite(Double.parseDouble(as(Num.class, node).text));
                case DATE -> date(node, format);
                case TIMESTAMP -> timestamp(node, format);
                case TIMESTAMPTZ -> timestamptz(node, format);
                case STRING -> kind == Format.Kind.JSON ? node.raw : as(String.class, node);
                case UUID -> uuid(as(String.class, node));
                case BINARY -> hex(binary(as(String.class, node), kind));
            };
        }
        if (type instanceof Decimal decimal) {
            BigDecimal number = number(as(Num.class, node).text);
            if (number.precision() - (long) number.scale() > 60) {
                throw new Refused("range");
            }
            BigDecimal value = number.setScale(decimal.scale());
            if (value.precision() > decimal.precision()) {
                throw new Refused("precision");
            }
            return value;
        }
        if (type instanceof Fixed fixed) {
            byte[] value = binary(as(String.class, node), kind);
            if (value.length != fixed.length()) {
                throw new Refused("length");
            }
            return hex(value);
        }
        if (type instanceof Listing list) {
            List<Object> values = new ArrayList<>();
            for (Object element : as(List.class, node)) {
                values.add(convert((Node) element, list.element(), format));
            }
            return values;
        }
        Map<?, ?> object = as(Map.class, node);
        if (type instanceof Mapping map) {
            Map<Object, Object> values = new LinkedHashMap<>();
            object.forEach((k, v) -> values.put(k, convert((Node) v, map.value(), format)));
            return values;
        }
        List<Object> values = new ArrayList<>();
        for (Field field : ((Struct) type).fields()) {
            Object value = convert((Node) object.get(field.name()), field.type(), format);
            if (value == null && field.required()) {
                throw new Refused(field.name());
            }
            values.add(value);
        }
        return values;
    }

    private static <T> T as(Class<T> kind, Node node) {
        if (!kind.isInstance(node.value)) {
            throw new Refused("found another kind than " + kind);
        }
        return kind.cast(node.value);
    }

    private static BigInteger exact(Node node) {
        BigDecimal number = number(as(Num.class, node).text);
        if (number.precision() - (long) number.scale() > 30) {
            throw new Refused("range");
        }
        return number.toBigIntegerExact();
    }

    /** Exponents past any type's range are refused before BigDecimal would choke on them; zero has any exponent. */
    private static BigDecimal number(String text) {
        Matcher exponent = EXPONENT.matcher(text);
        if (exponent.matches()) {
            BigDecimal mantissa = new BigDecimal(exponent.group(1));
            if (mantissa.signum() == 0) {
                return BigDecimal.ZERO;
            }
            if (exponent.group(3).length() > 6) {
                throw new Refused("exponent");
            }
        }
        BigDecimal number = new BigDecimal(text);
        return number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
    }

    private static Double finite(double value) {
        if (Double.isInfinite(value)) {
            throw new Refused("overflow");
        }
        return value;
    }

    private static Float finite(float value) {
        if (Float.isInfinite(value)) {
            throw new Refused("overflow");
        }
        return value;
    }

    private static LocalDate date(Node node, Format format) {
        if (isEpoch(format)) {
            return epoch(node, format).atOffset(ZoneOffset.UTC).toLocalDate();
        }
        String text = as(String.class, node);
        LocalDate date;
        if (isPattern(format)) {
            date = LocalDate.parse(text, format.formatter());
        } else {
            if (!text.matches("\\d{4}-\\d{2}-\\d{2}")) {
                throw new Refused("date");
            }
            date = LocalDate.parse(text, DateTimeFormatter.ISO_LOCAL_DATE);
        }
        return LocalDate.ofInstant(inRange(date.atStartOfDay().toInstant(ZoneOffset.UTC)), ZoneOffset.UTC);
    }

    private static LocalDateTime timestamp(Node node, Format format) {
        if (isEpoch(format)) {
            return LocalDateTime.ofInstant(epoch(node, format), ZoneOffset.UTC);
        }
        String text = as(String.class, node);
        if (isPattern(format)) {
            TemporalAccessor parsed = format.formatter().parse(text);
            if (parsed.query(java.time.temporal.TemporalQueries.zone()) != null) {
                throw new Refused("zone");
            }
            return checked(LocalDateTime.from(parsed));
        }
        Matcher iso = iso(text);
        if (iso.group(3) != null) {
            throw new Refused("offset");
        }
        return checked(local(iso));
    }

    private static Instant timestamptz(Node node, Format format) {
        if (isEpoch(format)) {
            return epoch(node, format);
        }
        String text = as(String.class, node);
        if (isPattern(format)) {
            TemporalAccessor parsed = format.formatter().parse(text);
            LocalDateTime unused = checked(LocalDateTime.from(parsed));
            return inRange(ZonedDateTime.from(parsed).toInstant());
        }
        Matcher iso = iso(text);
        if (iso.group(3) == null) {
            throw new Refused("no offset");
        }
        return inRange(checked(local(iso)).toInstant(ZoneOffset.of(iso.group(3))));
    }

    private static Matcher iso(String text) {
        Matcher iso = ISO.matcher(text);
        if (!iso.matches()
                || (iso.group(2) != null && !ISO_SECONDS.matcher(iso.group(1)).matches())) {
            throw new Refused("iso");
        }
        return iso;
    }

    private static LocalDateTime local(Matcher iso) {
        LocalDateTime seconds = LocalDateTime.parse(iso.group(1), DateTimeFormatter.ISO_LOCAL_DATE_TIME);
        if (iso.group(2) == null) {
            return seconds;
        }
        BigDecimal micros = new BigDecimal("0." + iso.group(2)).movePointRight(6);
        return seconds.plus(Duration.of(micros.longValueExact(), ChronoUnit.MICROS));
    }

    private static LocalDateTime checked(LocalDateTime time) {
        if (time.get(ChronoField.NANO_OF_SECOND) % 1000 != 0) {
            throw new Refused("nanos");
        }
        Instant unused = inRange(time.toInstant(ZoneOffset.UTC));
        return time;
    }

    private static Instant epoch(Node node, Format format) {
        BigDecimal number = number(as(Num.class, node).text);
        if (number.precision() - (long) number.scale() > 19) {
            throw new Refused("range");
        }
        int seconds =
                switch (format.kind()) {
                    case EPOCH_SECONDS -> 0;
                    case EPOCH_MILLIS -> 3;
                    case EPOCH_MICROS -> 6;
                    default -> 9;
                };
        BigDecimal micros = number.movePointRight(6 - seconds);
        return inRange(Instant.EPOCH.plus(micros.longValueExact(), ChronoUnit.MICROS));
    }

    private static Instant inRange(Instant time) {
        if (time.isBefore(MIN) || time.isAfter(MAX)) {
            throw new Refused("years");
        }
        return time;
    }

    private static boolean isEpoch(Format format) {
        return format != null && format.text().startsWith("epoch-");
    }

    private static boolean isPattern(Format format) {
        return format != null && format.kind() == Format.Kind.PATTERN;
    }

    private static String uuid(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        try {
            if (lower.equals(UUID.fromString(text).toString())) {
                return lower;
            }
        } catch (IllegalArgumentException e) {
            throw new Refused("uuid");
        }
        throw new Refused("uuid");
    }

    private static byte[] binary(String text, Format.Kind kind) {
        try {
            if (kind == Format.Kind.HEX) {
                return HexFormat.of().parseHex(text);
            }
            byte[] value = Base64.getDecoder().decode(text);
            if (Base64.getEncoder().encodeToString(value).equals(text)) {
                return value;
            }
        } catch (IllegalArgumentException e) {
            throw new Refused("binary");
        }
        throw new Refused("binary");
    }

    private static String hex(byte[] value) {
        return "x'" + HexFormat.of().formatHex(value) + "'";
    }
}
