package io.firn.change;

import io.firn.schema.Rejection;

/** What one record turned out to be. */
public sealed interface Message permits Change, Message.Skipped, Message.Refused {

    /** A record that changes no row and is to be counted only. */
    record Skipped(Kind kind) implements Message {
        /** Why. */
        public enum Kind {
            TOMBSTONE,
            HEARTBEAT,
            TRANSACTION,
            SCHEMA_CHANGE,
            LOGICAL_MESSAGE
        }
    }

    /** A record that cannot be understood exactly; it belongs into quarantine. */
    record Refused(Rejection rejection) implements Message {
        static Refused because(String reason) {
            return new Refused(new Rejection(null, reason));
        }
    }
}
