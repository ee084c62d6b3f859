package io.firn.table;

/** A table exists and differs from its definition in a way that is not changed without being asked. */
public final class SchemaConflict extends TableException {
    SchemaConflict(String message) {
        super(message);
    }
}
