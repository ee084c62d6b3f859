package io.firn.load;

import io.firn.schema.Rejection;

/** Takes lines that were refused. */
@FunctionalInterface
interface Refusals {
    void add(String event, LineBuffer lines, int line, Rejection why);
}
