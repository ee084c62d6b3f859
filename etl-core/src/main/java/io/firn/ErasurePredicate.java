package io.firn;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

import io.firn.function.SqlFunctions;
import io.firn.schema.Column;
import io.firn.table.LakeTable;
import io.firn.table.TableException;
import io.firn.transform.Filter;
import io.firn.transform.RowProgram;
import io.firn.transform.TransformException;

/**
 * The condition that names a subject's rows. Its text holds what is to be forgotten: it is never logged nor reported, its
 * hash is.
 *
 * @param columns the names of the table's columns that it looks at
 */
record ErasurePredicate(String sql, List<Column> columns) {
    private static final int MOST_CAUSES = 20;
    private static final Pattern LITERAL =
            Pattern.compile("'(?:[^'\\\\]|\\\\.|'')*'|\"(?:[^\"\\\\]|\\\\.)*\"|(?<![\\w.])\\d[\\d.eE]*");

    /** Throws FirnException, for the command line, when it is none that names some rows of the table. */
    static ErasurePredicate of(SparkSession spark, LakeTable table, String sql) {
        SqlFunctions.registerAll(spark);
        List<Column> own = table.ownColumns();
        BitSet reads;
        try {
            reads = RowProgram.compile(spark, own, new StructType(), List.of(new Filter(sql)))
                    .filterReads();
        } catch (TransformException e) {
            throw usage(masked(e.getMessage(), sql));
        }
        List<Column> columns =
                reads.stream().filter(i -> i < own.size()).mapToObj(own::get).toList();
        if (columns.isEmpty()) {
            throw usage("it looks at no column of the table, so it means every row or none");
        }
        return new ErasurePredicate(sql, columns);
    }

    static FirnException usage(String why) {
        return new FirnException(ExitCode.USAGE, "--where: " + why);
    }

    /** What went wrong while rows were asked; Spark's words on a row's value would show it. */
    RuntimeException failure(Exception e) {
        Throwable at = e;
        for (int depth = 0; at != null && depth < MOST_CAUSES; depth++) {
            if (at instanceof FirnException || at instanceof TableException) {
                break;
            }
            boolean ofValues = at instanceof SparkThrowable spark
                    && spark.getSqlState() != null
                    && spark.getSqlState().startsWith("22");
            if (ofValues) {
                return usage("Spark cannot tell it of every row: [" + ((SparkThrowable) at).getCondition()
                        + "]; mend it, as with try_cast");
            }
            at = at.getCause();
        }
        return Failures.unchecked(e);
    }

    /** The condition for Spark. */
    org.apache.spark.sql.Column rows() {
        return org.apache.spark.sql.functions.expr("(" + sql + ")");
    }

    List<String> names() {
        return columns.stream().map(Column::name).toList();
    }

    String sha256() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(sql.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Spark's words without the values of the condition. */
    private static String masked(String message, String sql) {
        String masked = message.replaceFirst("^transforms\\[0\\] \\(filter\\): ", "")
                .replace("expression \"" + sql + "\": ", "")
                .replace("expression \"" + sql + "\"", "it")
                .replace(sql, "...")
                .replace(
                        "; loading the same day again must give the same rows",
                        "; it must mean the same rows each time")
                .replace("; a transform sees one row at a time", "; it is to tell by each row alone");
        Matcher literals = LITERAL.matcher(sql);
        for (Map.Entry<String, String> one : literals.results()
                .map(match -> match.group())
                .distinct()
                .map(text -> Map.entry(text, text.replaceAll("^['\"]|['\"]$", "")))
                .toList()) {
            masked = masked.replace(one.getKey(), "?");
            if (one.getValue().length() > 2) {
                masked = masked.replace(one.getValue(), "?");
            }
        }
        return masked.lines()
                .findFirst()
                .orElse("it is not one that Spark can read")
                .strip();
    }
}
