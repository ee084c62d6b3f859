package io.firn.rig;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;

import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What writes to the sources does what it says. */
@ExtendWith(RigExtension.class)
class WritersTest {
    private final Rig rig;

    WritersTest(Rig rig) {
        this.rig = rig;
    }

    @Test
    void pgbenchKeepsItsBalances() {
        PostgresDatabase database = rig.postgres().database("pgbench_balances");
        Pgbench pgbench = new Pgbench(database, 1);
        pgbench.init();

        pgbench.run(3, 50, 1);

        assertThat(database.value("SELECT count(*) FROM pgbench_history")).isEqualTo("150");
        String delta = database.value("SELECT sum(delta) FROM pgbench_history");
        assertThat(delta).isNotEqualTo("0");
        assertThat(database.value("SELECT sum(abalance) FROM pgbench_accounts")).isEqualTo(delta);
        assertThat(database.value("SELECT sum(tbalance) FROM pgbench_tellers")).isEqualTo(delta);
        assertThat(database.value("SELECT sum(bbalance) FROM pgbench_branches")).isEqualTo(delta);
    }

    @Test
    void aSeedSaysAllThatAWorkloadDoes() {
        for (Database database :
                List.of(rig.postgres().database("seeds"), rig.mariaDb().database("seeds"))) {
            Workload first = Workload.truncating(database, "first", 5).create();
            Workload second = Workload.truncating(database, "second", 5).create();
            Workload other = Workload.truncating(database, "other", 6).create();

            Map<Workload.Done, Integer> done = first.run(150);
            second.run(50);
            second.run(100);
            other.run(20);

            assertThat(done).containsOnlyKeys(Workload.Done.values());
            assertThat(rows(database, second)).isEqualTo(rows(database, first)).doesNotContain(List.of());
            assertThat(rows(database, other)).isNotEqualTo(rows(database, first));
        }
    }

    private static List<List<String>> rows(Database database, Workload workload) {
        return workload.tables().stream()
                .map(name -> SourceTable.of(database, name, Set.of()))
                .map(table -> table
                        .rows(table.columns().stream()
                                .map(c -> DataTypes.StringType)
                                .toList())
                        .stream()
                        .map(table::told)
                        .sorted()
                        .toList())
                .toList();
    }
}
