package io.firn.source;

/** A topic that cannot be read on from where a table stands: going on would lose changes or repeat them. */
public final class PositionLost extends RuntimeException {
    PositionLost(String message) {
        super(message);
    }
}
