package io.firn.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.apache.iceberg.Snapshot;

/**
 * A pipeline's position as the table holds it.
 *
 * @param attempt names the try that got in
 * @param published when, in milliseconds since 1970
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record PositionPointer(
        TopicState state, String table, String commit, String attempt, Long snapshot, Long sequence, Long published)
        implements StatePointer {
    static final String PREFIX = "firn.position.";

    static PositionPointer parse(String json) {
        try {
            return LedgerStore.JSON.readValue(json, PositionPointer.class);
        } catch (IOException e) {
            throw new UncheckedIOException("A " + PREFIX + "* property is not what Firn wrote", e);
        }
    }

    TopicPosition position() {
        return new TopicPosition(state, commit, snapshot, Instant.ofEpochMilli(published));
    }

    @Override
    public String what() {
        return "position";
    }

    @Override
    public String json() {
        return LedgerStore.json(this);
    }

    @Override
    public StatePointer at(Snapshot came) {
        return new PositionPointer(
                state, table, commit, attempt, came.snapshotId(), came.sequenceNumber(), came.timestampMillis());
    }
}
