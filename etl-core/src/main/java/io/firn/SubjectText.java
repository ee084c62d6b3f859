package io.firn;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.unsafe.types.UTF8String;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The values of a condition as text, for what cannot be read otherwise. Numbers and short words have to stand alone;
 * longer ones may be a part, as between the bytes of Avro. Of a pattern of LIKE its fixed parts count.
 */
record SubjectText(Pattern values) implements Serializable {
    private static final int WORD = 4;

    static SubjectText of(SparkSession spark, String sql) {
        Set<String> texts = new LinkedHashSet<>();
        try {
            gather(
                    ((org.apache.spark.sql.classic.SparkSession) spark)
                            .sessionState()
                            .sqlParser()
                            .parseExpression(sql),
                    texts);
        } catch (ParseException e) {
            throw new IllegalStateException("a condition that was read before", e);
        }
        String any = texts.stream().map(SubjectText::pattern).collect(Collectors.joining("|"));
        return new SubjectText(
                any.isEmpty() ? null : Pattern.compile(any, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE));
    }

    boolean in(byte[] bytes) {
        return bytes != null
                && values != null
                && values.matcher(new String(bytes, StandardCharsets.UTF_8)).find();
    }

    private static void gather(Expression expression, Set<String> texts) {
        if (expression instanceof Literal literal && literal.value() != null) {
            if (literal.dataType() instanceof StringType) {
                String value = ((UTF8String) literal.value()).toString();
                for (String part : value.indexOf('%') < 0 ? new String[] {value} : value.split("[%_]")) {
                    add(part, texts);
                }
            } else if (literal.dataType() instanceof NumericType) {
                add(literal.value().toString(), texts);
            } else if (!(literal.dataType() instanceof BooleanType)) {
                add(literal.sql().replaceAll("^[^']*'|'$", ""), texts);
            }
        }
        List<Expression> children = CollectionConverters.asJava(expression.children());
        children.forEach(child -> gather(child, texts));
    }

    private static void add(String text, Set<String> texts) {
        if (text.isBlank()) {
            return;
        }
        texts.add(text);
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\' || c == '/') {
                escaped.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                escaped.append("\\u%04x".formatted((int) c));
            } else {
                escaped.append(c);
            }
        }
        texts.add(escaped.toString());
        texts.add(escaped.toString().replace("\\/", "/"));
    }

    private static String pattern(String text) {
        boolean alone = text.length() < WORD || text.matches("[-+]?[\\d.]+(E-?\\d+)?");
        String quoted = Pattern.quote(text);
        return alone ? "(?<![\\p{L}\\p{N}.])" + quoted + "(?!\\.?[\\p{L}\\p{N}])" : quoted;
    }
}
