package io.firn;

import java.util.List;
import java.util.Set;

import io.firn.config.Place;
import io.firn.schema.Column;
import io.firn.schema.ColumnType;
import io.firn.schema.ColumnType.Scalar;
import io.firn.source.Debezium;
import io.firn.source.JsonDump;
import io.firn.source.Kafka;
import io.firn.source.Source;
import io.firn.table.StagedChanges.Deletes;
import io.firn.table.TableDefinition;
import io.firn.table.TableDefinition.Mode;

/** Which modes a source's rows can meet a table in, and what each mode needs. */
final class ModeRules {
    private static final Set<ColumnType> ORDERED =
            Set.of(Scalar.TIMESTAMPTZ, Scalar.TIMESTAMP, Scalar.DATE, Scalar.LONG, Scalar.INT);

    private final Source source;

    ModeRules(Source source) {
        this.source = source;
    }

    void check(TableDefinition target, Mode mode, List<Column> columns, Place at) {
        boolean changes = source instanceof Debezium;
        if (source instanceof Kafka && mode != Mode.APPEND) {
            at.at("mode")
                    .problem("plain messages can only be appended: nothing in them says which is the last of a row");
        }
        if (source instanceof JsonDump && mode == Mode.UPSERT) {
            dump(target, columns, at);
        } else if (target.timestampColumn() != null) {
            at.at("timestamp-column")
                    .problem(
                            "\"timestamp-column\" is for dumps that are upserted; changes of a database carry their order");
        }
        if (mode == Mode.UPSERT
                && isEmpty(target.idColumns())
                && at.at("id-columns").sound()) {
            at.problem("mode upsert needs \"id-columns\", which name a row");
        }
        if (target.deletes() != null && !(changes && mode == Mode.UPSERT)) {
            at.at("deletes").problem("\"deletes\" is for changes of a database that are upserted");
        }
        if (target.rememberDeletes() != null && target.deletes() != Deletes.SOFT) {
            at.at("remember-deletes").problem("rows that are deleted hard are not remembered; write deletes: soft");
        }
        if (target.backfillDefault() != null && !changes) {
            at.at("backfill-default")
                    .problem("\"backfill-default\" is for changes of a database: only those tell defaults");
        }
        checkFormat(target, at);
    }

    static void checkFormat(TableDefinition target, Place at) {
        if (target.formatVersion() != null && target.formatVersion() != 2 && target.formatVersion() != 3) {
            at.at("format-version").problem("format-version is 2 or 3");
        }
    }

    private static void dump(TableDefinition target, List<Column> columns, Place at) {
        List<String> names = columns.stream().map(Column::name).toList();
        if (target.timestampColumn() == null && at.at("timestamp-column").sound()) {
            at.problem("a dump that is upserted needs \"timestamp-column\", which says which of a row's versions is the"
                    + " last");
        } else if (target.timestampColumn() != null && !names.contains(target.timestampColumn())) {
            at.at("timestamp-column").unknown("column", target.timestampColumn(), names);
        } else if (target.timestampColumn() != null
                && !ORDERED.contains(
                        columns.get(names.indexOf(target.timestampColumn())).type())) {
            at.at("timestamp-column")
                    .problem("column \"" + target.timestampColumn()
                            + "\" says no time; its type must be timestamptz, timestamp, date, long or int");
        }
        for (int i = 0; target.idColumns() != null && i < target.idColumns().size(); i++) {
            int column = names.indexOf(target.idColumns().get(i));
            if (column >= 0 && !columns.get(column).required()) {
                at.at("id-columns")
                        .at(i)
                        .problem("column \"" + names.get(column)
                                + "\" names rows, so it must be required: lines without it are then quarantined");
            }
        }
    }

    private static boolean isEmpty(List<String> names) {
        return names == null || names.isEmpty();
    }
}
