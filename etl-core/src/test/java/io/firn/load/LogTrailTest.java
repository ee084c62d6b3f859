package io.firn.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import io.firn.change.Change;
import io.firn.change.Snapshot;

class LogTrailTest {

    @Test
    void aPartitionThatSeveralTasksReadIsOneTrail() {
        Random random = new Random(7);
        for (int round = 0; round < 500; round++) {
            List<Change> changes = new ArrayList<>();
            for (int offset = 0; offset < 12; offset++) {
                changes.add(Trails.change(
                        random.nextInt(12) == 0 ? "other" : "binlog",
                        random.nextInt(3),
                        1 + random.nextInt(3),
                        offset,
                        random.nextInt(3) == 0 ? Snapshot.TRUE : Snapshot.FALSE,
                        random.nextBoolean() ? null : random.nextLong(5)));
            }
            int cut = 1 + random.nextInt(10);

            LogTrail joined = Trails.of(changes.subList(0, cut)).then(Trails.of(changes.subList(cut, 12)));

            assertThat(joined).usingRecursiveComparison().as("round %d", round).isEqualTo(Trails.of(changes));
        }
    }
}
