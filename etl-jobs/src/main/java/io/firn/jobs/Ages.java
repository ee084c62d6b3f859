package io.firn.jobs;

import java.time.Duration;

import io.firn.Durations;

/** How long ago something was, for people. */
final class Ages {
    private Ages() {}

    static String text(Duration age) {
        return Durations.text(age) + " ago";
    }
}
