package io.firn;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firn.maintain.Maintained;
import io.firn.maintain.TableHealth;
import io.firn.maintain.Verb;
import io.firn.maintain.Verb.Execution;
import io.firn.table.Backoff;
import io.firn.table.LakeCatalog;
import io.firn.table.LakeTable;
import io.firn.table.TableName;
import io.firn.table.Unanswered;

/**
 * Upkeep of tables, one after the other. What fails on one does not stop the others.
 *
 * @param started when
 * @param execution whether it acted
 * @param tables in order
 */
public record Maintenance(Instant started, Execution execution, List<Table> tables) {
    private static final Logger LOG = LoggerFactory.getLogger(Maintenance.class);
    private static final int MOST_TRIES = 5;

    /**
     * One table's upkeep.
     *
     * @param before its health; null: it was not asked for
     * @param after its health after it; null: as before
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Table(String table, TableHealth before, TableHealth after, List<Action> actions) {}

    /**
     * What one verb did.
     *
     * @param result null: it failed
     * @param failure why it failed; null: it did not
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Action(String verb, double seconds, Maintained result, String failure) {
        /** Whether the table needed nothing of the kind. */
        @JsonIgnore
        public boolean isNothing() {
            return failure == null && result.status() == Maintained.Status.NOTHING_TO_DO;
        }

        /** Whether somebody has to look. */
        public boolean needsAttention() {
            return failure != null || result.status() == Maintained.Status.REFUSED;
        }
    }

    /** Whether a table's health is looked at before and after, for a report. */
    public enum Looks {
        NONE,
        BEFORE_AND_AFTER
    }

    /** Hears of what goes on. */
    public interface Listener {
        /** A verb begins. */
        default void begins(TableName table, Verb verb) {}

        /** A verb has ended. */
        default void ended(TableName table, Action action) {}
    }

    /**
     * Keeps tables.
     *
     * @param verbs what to do to a table of a catalog, in order, asked for when its turn has come, with what was done to
     *     those before it
     */
    public static Maintenance run(
            SparkSession spark,
            Catalogs catalogs,
            List<TableName> tables,
            BiFunction<LakeCatalog, List<Table>, List<Verb>> verbs,
            Execution execution,
            Looks looks,
            Listener listener) {
        Instant started = Instant.now();
        List<Table> done = new ArrayList<>();
        for (TableName name : tables) {
            List<Action> actions = new ArrayList<>();
            LakeTable table = catalogs.find(name).orElse(null);
            if (table == null) {
                actions.add(new Action("find", 0, null, "the table was dropped meanwhile"));
                done.add(new Table(name.text(), null, null, actions));
                continue;
            }
            TableHealth before = looks == Looks.NONE ? null : TableHealth.of(table);
            for (Verb verb : verbs.apply(catalogs.of(name), done)) {
                listener.begins(name, verb);
                Action action = act(spark, table, verb, execution);
                listener.ended(name, action);
                actions.add(action);
            }
            boolean acted = looks != Looks.NONE && execution == Execution.DO;
            done.add(new Table(name.text(), before, acted ? TableHealth.of(table) : null, actions));
        }
        return new Maintenance(started, execution, done);
    }

    /** 1 where a verb failed or refused. */
    public ExitCode exit() {
        boolean attention =
                tables.stream().flatMap(table -> table.actions().stream()).anyMatch(Action::needsAttention);
        return attention ? ExitCode.FAILED : ExitCode.OK;
    }

    private static Action act(SparkSession spark, LakeTable table, Verb verb, Execution execution) {
        Instant begun = Instant.now();
        for (int tries = 0; ; tries++) {
            try {
                Maintained result = verb.run(spark, table, execution);
                return new Action(verb.name(), seconds(begun), result, null);
            } catch (Exception e) {
                // Each verb begins with what the table says: one that got in all the same finds less to do.
                if (Unanswered.is(e) && tries < MOST_TRIES) {
                    LOG.info("firn {} {}: the catalog did not answer; once more", verb.name(), table.name(), e);
                    Backoff.pause(tries);
                    continue;
                }
                LOG.warn("firn {} {}: failed", verb.name(), table.name(), e);
                String why = e.getMessage() == null ? e.toString() : e.getMessage();
                return new Action(verb.name(), seconds(begun), null, why);
            }
        }
    }

    private static double seconds(Instant since) {
        return Duration.between(since, Instant.now()).toMillis() / 1000.0;
    }
}
