package io.firn.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;

import org.apache.iceberg.Transaction;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.expressions.Expressions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table remembers how many rows left it on purpose, with the commit that they left in. */
class RemovedRowsTest {
    @TempDir
    private Path directory;

    @Test
    void theyAreAddedUpWithTheCommitThatTheyLeaveIn() {
        try (TestLake lake = new TestLake(directory)) {
            LakeTable table = lake.table();
            TestLake.load(table, "a", 1, 2, 3);
            assertThat(table.removedRows()).isZero();

            emptied(table, 3).commitTransaction();
            table.refresh();
            assertThat(table.removedRows()).isEqualTo(3);
            assertThat(TestLake.ids(table)).isEmpty();

            TestLake.load(table, "b", 4);
            emptied(table, 1).commitTransaction();
            table.refresh();
            assertThat(table.removedRows()).isEqualTo(4);
            assertThat(table.rowsByLedger()).hasSize(2).containsEntry("a", 3L);
        }
    }

    @Test
    void twoAtOnceDoNotLoseEachOthersRows() {
        try (TestLake lake = new TestLake(directory)) {
            LakeTable table = lake.table();
            TestLake.load(table, "a", 1, 2, 3);
            Transaction slow = emptied(table, 3);
            LakeTable rival = lake.table();
            TestLake.load(rival, "b", 4, 5);
            emptied(rival, 5).commitTransaction();

            assertThatThrownBy(slow::commitTransaction)
                    .isInstanceOf(CommitFailedException.class)
                    .hasMessageContaining("refresh is required");

            table.refresh();
            assertThat(table.removedRows()).isEqualTo(5);
        }
    }

    private static Transaction emptied(LakeTable table, long rows) {
        table.refresh();
        Transaction transaction = table.table().newTransaction();
        transaction.newDelete().deleteFromRowFilter(Expressions.alwaysTrue()).commit();
        LakeTable.removing(transaction, rows);
        return transaction;
    }
}
