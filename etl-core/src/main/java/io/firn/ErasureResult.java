package io.firn;

import java.time.Instant;
import java.util.List;

import io.firn.maintain.ErasureFigures.Erased;
import io.firn.maintain.ErasureFigures.Found;
import io.firn.maintain.ErasureFigures.Proof;

/**
 * What an erasure did. It names the condition by its hash, so that the report holds nothing of the subject.
 *
 * @param sha256 of the condition as it was given
 * @param columns that it looks at
 * @param tables in the order in which they were erased
 * @param pending what Firn has left or cannot reach, and what to do about it
 */
public record ErasureResult(
        String table,
        String sha256,
        List<String> columns,
        Outcome outcome,
        Instant started,
        Instant ended,
        List<Part> tables,
        List<String> pending) {

    /** How it ended. */
    public enum Outcome {
        /** Nothing of the subject is left where Firn reaches. */
        ERASED,
        /** A dry run. */
        PLANNED,
        /** Reading still found rows, as a run brought more meanwhile: run again. */
        NOT_PROVEN
    }

    /**
     * One table.
     *
     * @param found before anything was done
     * @param droppedRefs tags and branches
     * @param erased null in a dry run
     * @param proof null in a dry run
     */
    public record Part(String table, Role role, Found found, List<String> droppedRefs, Erased erased, Proof proof) {}

    /** What a table is to the pipelines. */
    public enum Role {
        RAW,
        QUARANTINE,
        TABLE
    }

    public ExitCode exit() {
        return outcome == Outcome.NOT_PROVEN ? ExitCode.FAILED : ExitCode.OK;
    }
}
