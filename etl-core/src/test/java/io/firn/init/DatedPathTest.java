package io.firn.init;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;

import org.junit.jupiter.api.Test;

class DatedPathTest {
    private static final LocalDate DAY = LocalDate.of(2021, 7, 21);

    @Test
    void findsTheDayInItsUsualSpellings() {
        assertThat(DatedPath.of("dump/2021-07-21/events.gz")).isEqualTo(new DatedPath("dump/{date}/events.gz", DAY));
        assertThat(DatedPath.of("events-20210721.gz")).isEqualTo(new DatedPath("events-{yyyy}{MM}{dd}.gz", DAY));
        assertThat(DatedPath.of("d/2021/07/21/")).isEqualTo(new DatedPath("d/{yyyy}/{MM}/{dd}/", DAY));
        assertThat(DatedPath.of("dt=2021-07-21/x")).isEqualTo(new DatedPath("dt={date}/x", DAY));
    }

    @Test
    void takesTheLastOfSeveralDays() {
        assertThat(DatedPath.of("2020-01-01/2021-07-21/x").path()).isEqualTo("2020-01-01/{date}/x");
    }

    @Test
    void leavesOtherNumbersAlone() {
        assertThat(DatedPath.of("v2021-13-41/part-120210721999.gz"))
                .isEqualTo(new DatedPath("v2021-13-41/part-120210721999.gz", null));
    }
}
