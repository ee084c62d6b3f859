package io.firn;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.firn.load.ChangePlan;
import io.firn.load.FoldedBatch;
import io.firn.load.StagedRows;
import io.firn.load.StagedRows.Floor;
import io.firn.load.StagedRows.Moved;
import io.firn.table.LakeTable;
import io.firn.table.LoadColumns;
import io.firn.table.Merge;
import io.firn.table.StagedChanges;
import io.firn.table.StagedFile;
import io.firn.table.TableDefinition.Mode;
import io.firn.table.Write;

/**
 * What a staged batch of changes writes to its table.
 *
 * @param folders the batch's own, the staged rows first; what is written anew is added
 */
record BatchWrite(
        TopicContext context,
        ResolvedEvent event,
        LakeTable table,
        ChangePlan plan,
        FoldedBatch staged,
        Voided voided,
        List<String> folders) {

    /** @param unmatched rows that cannot be inserted, and are refused for it */
    record Prepared(Write write, List<StagedFile> refused, long unmatched) {
        /** Of a batch whose rows are in files of the table already, if it has any. */
        static Prepared added(FoldedBatch staged) {
            return new Prepared(new Write.AddFiles(staged.files()), staged.quarantine(), 0);
        }
    }

    /** Which of the batch's rows are written: not the void, nor those that lack values; what moved takes them along. */
    private record Kept(Floor floor, List<String> without, Moved moved, List<StagedFile> refused, long unmatched) {}

    /** Rows meet those of the table. */
    Prepared merged() {
        StagedRows rows = rows();
        Kept kept = keep(rows);
        if (kept.without.isEmpty() && kept.floor == null) {
            return prepared(folders.get(0), staged.rows(), kept);
        }
        String left = folders.get(0) + "-left";
        folders.add(left);
        return prepared(left, rows.copy(kept.floor, kept.without, kept.moved.whole(), left), kept);
    }

    private Prepared prepared(String folder, long rows, Kept kept) {
        Write write = rows == 0 && voided.table() == null
                ? new Write.AddFiles(List.of())
                : merge(folder, rows, voided.table());
        return new Prepared(write, kept.refused, kept.unmatched);
    }

    /** Rows take the place of all that the table holds. */
    Prepared replaced() {
        StagedRows rows = rows();
        Kept kept = keep(rows);
        return new Prepared(
                new Write.ReplaceAll(rows.write(kept.floor, kept.without, kept.moved.whole())),
                kept.refused,
                kept.unmatched);
    }

    private StagedRows rows() {
        return new StagedRows(context.spark(), plan, folders.get(0));
    }

    private Kept keep(StagedRows rows) {
        // Unsent values are in other rows of the batch then, not in the table.
        boolean whole = event.target().mode() == Mode.TRUNCATE_LOAD;
        Moved moved = new Moved(List.of(), List.of(), List.of());
        List<String> lost = new ArrayList<>();
        if (!staged.unavailable().isEmpty()) {
            moved = rows.moved(
                    staged.moved(),
                    whole ? rows.none() : context.spark().table(table.name().quoted()),
                    event.target().idColumns());
            lost.addAll(
                    whole
                            ? rows.partial()
                            : merge(folders.get(0), staged.rows(), null).unmatchedUnavailable(table));
            lost.removeAll(moved.positions());
        }
        List<String> without =
                Stream.concat(lost.stream(), moved.positions().stream()).toList();
        lost.addAll(moved.lost());
        Floor floor = voided.staged(staged);
        if (floor != null) {
            lost.removeIf(floor::voids);
        }
        List<StagedFile> refused = new ArrayList<>(staged.quarantine());
        if (!lost.isEmpty()) {
            refused.addAll(rows.refuse(lost));
        }
        return new Kept(floor, without, moved, refused, lost.size());
    }

    private Merge merge(String folder, long rows, String floor) {
        return new Merge(
                new StagedChanges(
                        folder,
                        rows,
                        event.target().idColumns(),
                        event.tableColumns(),
                        LoadColumns.CHANGE,
                        staged.unavailable(),
                        floor,
                        event.target().deletes()),
                context.sessions());
    }
}
