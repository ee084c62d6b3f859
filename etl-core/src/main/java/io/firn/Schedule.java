package io.firn;

import java.io.Serializable;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;

import io.firn.config.Place;
import io.firn.table.FileSize;

/**
 * When a pipeline runs and how soon its tables must be fresh; for what starts it, as runs themselves know no clock.
 *
 * @param cron minute, hour, day of month, month and day of week; null: 5 0 * * * for dumps, every quarter of an hour for
 *     topics
 * @param timezone in which the cron is read and a day begins, Europe/Berlin; null: UTC
 * @param sla how long after its interval's end a run's tables must be there, 6h; null: 6h for dumps, 1h for topics
 * @param dailyVolume how many bytes a day brings, 2500GB, for the size of clusters; null: measured, where it can be
 */
public record Schedule(String cron, String timezone, Duration sla, FileSize dailyVolume) implements Serializable {
    private static final Schedule DUMPS = new Schedule("5 0 * * *", "UTC", Duration.ofHours(6), null);
    private static final Schedule TOPICS = new Schedule("*/15 * * * *", "UTC", Duration.ofHours(1), null);

    static Schedule none() {
        return new Schedule(null, null, null, null);
    }

    /** With what holds where it says nothing. */
    Schedule resolved(boolean topics) {
        Schedule usual = topics ? TOPICS : DUMPS;
        return new Schedule(
                cron == null ? usual.cron : cron,
                timezone == null ? usual.timezone : timezone,
                sla == null ? usual.sla : sla,
                dailyVolume);
    }

    void check(Place at) {
        if (cron != null && at.at("cron").sound()) {
            String wrong = CronFields.problem(cron);
            if (wrong != null) {
                at.at("cron").problem(wrong);
            }
        }
        if (timezone != null && at.at("timezone").sound() && !known(timezone)) {
            at.at("timezone").problem("\"" + timezone + "\" is no time zone; write it as UTC or Europe/Berlin");
        }
    }

    private static boolean known(String timezone) {
        try {
            ZoneId.of(timezone);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }
}
