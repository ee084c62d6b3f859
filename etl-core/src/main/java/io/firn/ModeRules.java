package io.firn;

import java.util.List;

import io.firn.config.Place;
import io.firn.source.Debezium;
import io.firn.source.Kafka;
import io.firn.source.Source;
import io.firn.table.StagedChanges.Deletes;
import io.firn.table.TableDefinition;
import io.firn.table.TableDefinition.Mode;

/** Which modes a source's rows can meet a table in, and what each mode needs. */
final class ModeRules {
    private final Source source;

    ModeRules(Source source) {
        this.source = source;
    }

    void check(TableDefinition target, Mode mode, Place at) {
        boolean changes = source instanceof Debezium;
        if (source instanceof Kafka && mode != Mode.APPEND) {
            at.at("mode")
                    .problem("plain messages can only be appended: nothing in them says which is the last of a row");
        }
        if (source != null && !changes && !(source instanceof Kafka) && mode == Mode.UPSERT) {
            at.at("mode").problem("a dump cannot be upserted yet; use append or truncate-load");
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
        if (target.formatVersion() != null && target.formatVersion() != 2 && target.formatVersion() != 3) {
            at.at("format-version").problem("format-version is 2 or 3");
        }
    }

    private static boolean isEmpty(List<String> names) {
        return names == null || names.isEmpty();
    }
}
