package io.firn.maintain;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.apache.hadoop.fs.Path;

import io.firn.maintain.Verb.Execution;
import io.firn.table.LakeCatalog;
import io.firn.table.LakeTable;
import io.firn.table.StagingFolders;
import io.firn.table.TableException;

/**
 * What dead runs left beside a table, and ledgers that nothing names any more.
 *
 * @param branches of publications that never came to an end
 * @param staging folders of staged data
 * @param ledgers files of ledgers
 */
record Reaping(List<String> branches, List<String> staging, List<String> ledgers) {
    /** Who has shown no sign of life for so long is dead. */
    private static final Duration TIME_TO_LIVE = Duration.ofDays(1);

    /** @param ledgersBefore how old a file of a ledger is that nobody reads any more */
    static Reaping of(LakeTable table, LakeCatalog catalog, Instant now, Instant ledgersBefore, Execution execution) {
        List<String> branches = execution == Execution.DO
                ? table.dropLeftoverBranches(TIME_TO_LIVE)
                : table.leftoverBranches(TIME_TO_LIVE);
        List<Path> staging = new ArrayList<>();
        List<Path> ledgers = new ArrayList<>();
        try {
            for (StagingFolders folders : StagingFolders.all(catalog.state(), catalog.hadoop())) {
                staging.addAll(folders.dead(now.minus(TIME_TO_LIVE)));
            }
            ledgers.addAll(table.supersededLedgers(ledgersBefore));
        } catch (IOException | TableException e) {
            RemoveOrphans.LOG.warn(
                    "firn remove-orphans {}: not all of {} was looked at", table.name(), catalog.state(), e);
        }
        return new Reaping(branches, dropped(staging, catalog, execution), dropped(ledgers, catalog, execution));
    }

    boolean isEmpty() {
        return branches.isEmpty() && staging.isEmpty() && ledgers.isEmpty();
    }

    private static List<String> dropped(List<Path> paths, LakeCatalog catalog, Execution execution) {
        List<String> dropped = new ArrayList<>();
        for (Path path : paths) {
            try {
                if (execution == Execution.DRY_RUN
                        || path.getFileSystem(catalog.hadoop()).delete(path, true)) {
                    dropped.add(path.toString());
                }
            } catch (IOException e) {
                RemoveOrphans.LOG.info("{} is left behind", path, e);
            }
        }
        return dropped;
    }
}
