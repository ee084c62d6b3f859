package io.firn.maintain;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firn.maintain.Maintained.Status;
import io.firn.table.FileSize;
import io.firn.table.LakeTable;
import io.firn.table.Retention;
import io.firn.table.TableException;

/** Takes partitions out of a table that are older than its {@code retention.data}, whole, without reading a data file. */
public record ExpireData() implements Verb {
    private static final Logger LOG = LoggerFactory.getLogger(ExpireData.class);
    private static final int MOST_TRIES = 5;
    private static final List<String> UNITS = List.of("hour", "day", "month", "year");

    /**
     * What went.
     *
     * @param before rows of that time and later stay; null: nothing says how old rows get
     * @param rows that went, or would
     * @param refused why nothing was done; null: nothing kept it from being done
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Result(
            Status status, String before, int partitions, long files, long rows, long bytes, String refused)
            implements Maintained {
        private static Result of(Status status) {
            return new Result(status, null, 0, 0, 0, 0, null);
        }

        private static Result refused(String why) {
            return new Result(Status.REFUSED, null, 0, 0, 0, 0, why);
        }

        @Override
        @JsonIgnore
        public String summary() {
            return switch (status) {
                case REFUSED -> refused;
                case NOTHING_TO_DO ->
                    before == null
                            ? "rows stay for ever: the table has no retention.data"
                            : "no partition is older than " + before;
                default ->
                    "%s %,d partitions before %s: %,d rows, %,d files, %s%s"
                            .formatted(
                                    status == Status.PLANNED ? "would take out" : "took out",
                                    partitions,
                                    before,
                                    rows,
                                    files,
                                    FileSize.text(bytes),
                                    status == Status.PLANNED
                                            ? ""
                                            : "; their files go with the snapshots that show them");
            };
        }
    }

    /** Where the table's rows are cut by time. */
    private record Cut(NestedField column, String unit) {
        /** The beginning of the partition that holds a moment. */
        LocalDateTime floor(Instant moment) {
            LocalDateTime at = LocalDateTime.ofInstant(moment, ZoneOffset.UTC);
            return switch (unit) {
                case "hour" -> at.truncatedTo(ChronoUnit.HOURS);
                case "day" -> at.truncatedTo(ChronoUnit.DAYS);
                case "month" -> at.toLocalDate().withDayOfMonth(1).atStartOfDay();
                default -> at.toLocalDate().withDayOfYear(1).atStartOfDay();
            };
        }

        /** Rows without a time are of no age. For Iceberg null is less than any value. */
        Expression before(LocalDateTime time) {
            return Expressions.and(
                    Expressions.notNull(column.name()), Expressions.lessThan(column.name(), literal(time)));
        }

        private String literal(LocalDateTime time) {
            if (column.type().typeId() == Type.TypeID.DATE) {
                return time.toLocalDate().toString();
            }
            boolean zoned = column.type() instanceof Types.TimestampType timestamp && timestamp.shouldAdjustToUTC();
            return zoned ? time.atOffset(ZoneOffset.UTC).toString() : time.toString();
        }
    }

    @Override
    public String name() {
        return "expire-data";
    }

    @Override
    public Result run(SparkSession spark, LakeTable lake, Execution execution) {
        Table table = CourteousTable.of(lake);
        CommitFailedException last = null;
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            try {
                return once(lake, table, execution);
            } catch (CommitFailedException e) {
                LOG.info("firn expire-data {}: once more, {}", lake.name(), e.getMessage());
                last = e;
            }
        }
        throw new TableException(
                "Table " + lake.name() + " kept changing: its old partitions are still there; run again.", last);
    }

    private Result once(LakeTable lake, Table table, Execution execution) {
        // Begun first, which refreshes the table: what is counted is what goes.
        Transaction transaction = table.newTransaction();
        String age = table.properties().get(Retention.DATA);
        if (age == null) {
            return Result.of(Status.NOTHING_TO_DO);
        }
        Cut cut = cut(table);
        if (cut == null) {
            return Result.refused("the table keeps rows for a time (retention.data) and is not partitioned by time: add"
                    + " year, month, day or hour(column) to its partition-by");
        }
        LocalDateTime before = cut.floor(Instant.now().minusMillis(Long.parseLong(age)));
        Expression old = cut.before(before);
        WholeFiles gone = WholeFiles.of(table, old);
        if (gone.partitions() == 0) {
            return new Result(Status.NOTHING_TO_DO, before.toString(), 0, 0, 0, 0, null);
        }
        if (execution == Execution.DRY_RUN) {
            return result(Status.PLANNED, before, gone);
        }
        LOG.info("firn expire-data {}: {} partitions before {}", lake.name(), gone.partitions(), before);
        try {
            transaction
                    .newDelete()
                    .deleteFromRowFilter(old)
                    .set(Rewrite.BY, name())
                    .commit();
            LakeTable.removing(transaction, gone.rows());
            transaction.commitTransaction();
        } catch (ValidationException e) {
            return Result.refused(
                    "a file holds rows from before " + before + " and after: it was written when the table"
                            + " was partitioned otherwise. Write all files anew by the present partitioning (firn maintain compact "
                            + lake.name() + " --rewrite-all), then run again");
        }
        LOG.info("firn expire-data {}: done", lake.name());
        return result(Status.DONE, before, gone);
    }

    private static Result result(Status status, LocalDateTime before, WholeFiles gone) {
        return new Result(status, before.toString(), gone.partitions(), gone.files(), gone.rows(), gone.bytes(), null);
    }

    /** The finest of the table's partition fields over time; null: there is none. */
    private static Cut cut(Table table) {
        return table.spec().fields().stream()
                .filter(field -> UNITS.contains(unit(field)))
                .min(Comparator.comparingInt(field -> UNITS.indexOf(unit(field))))
                .map(field -> new Cut(table.schema().findField(field.sourceId()), unit(field)))
                .orElse(null);
    }

    private static String unit(PartitionField field) {
        return field.transform().toString();
    }
}
