package io.firn.table;

import java.util.Map;

import io.firn.table.MergePlan.Merged;
import io.firn.table.PublishAttempt.Unplanned;

/** One merge into a branch. */
final class MergeRun {
    private final LakeTable lake;
    private final Merge merge;
    private final String branch;

    MergeRun(LakeTable lake, Merge merge, String branch) {
        this.lake = lake;
        this.merge = merge;
        this.branch = branch;
    }

    void write(Map<String, String> summary) {
        if (!summary.isEmpty()) {
            throw new UnsupportedOperationException("not yet " + lake.name() + merge + branch);
        }
    }

    Merged audit() throws Unplanned {
        if (merge.changes().rows() > 0) {
            throw new Unplanned("not yet");
        }
        return new Merged(merge.plan(lake), 0, 0);
    }
}
