package io.firn.table;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

import org.apache.iceberg.Snapshot;

/**
 * What a table property says of a pipeline, and the summary of the snapshot that it came with; there without that
 * snapshot's own id and sequence number.
 */
sealed interface StatePointer permits LedgerPointer, PositionPointer {

    /** The pointer that a property of this name holds; null: the property is none of Firn's. */
    static StatePointer parse(String property, String json) {
        if (property.startsWith(LedgerPointer.PREFIX)) {
            return LedgerPointer.parse(json);
        }
        return property.startsWith(PositionPointer.PREFIX) ? PositionPointer.parse(json) : null;
    }

    static boolean isProperty(String property) {
        return property.startsWith(LedgerPointer.PREFIX) || property.startsWith(PositionPointer.PREFIX);
    }

    /** The pipeline that such a property belongs to. */
    static String pipeline(String property) {
        return property.startsWith(PositionPointer.PREFIX)
                ? URLDecoder.decode(property.substring(PositionPointer.PREFIX.length()), StandardCharsets.UTF_8)
                : property.substring(LedgerPointer.PREFIX.length());
    }

    /** The property of a pipeline's position, whatever the pipeline's name is made of. */
    static String positionProperty(String pipeline) {
        return PositionPointer.PREFIX + URLEncoder.encode(pipeline, StandardCharsets.UTF_8);
    }

    /** The property of a pipeline's ledger. */
    static String ledgerProperty(String pipeline) {
        return LedgerPointer.PREFIX + pipeline;
    }

    /** What it points to, for messages. */
    String what();

    /** The table's UUID. */
    String table();

    /** Names the publication: equal ones have equal ids. */
    String commit();

    /** The snapshot it came with; null: the one in whose summary it stands. */
    Long snapshot();

    /** That snapshot's sequence number. */
    Long sequence();

    String json();

    /** The same as of the snapshot that it came with. */
    StatePointer at(Snapshot snapshot);
}
