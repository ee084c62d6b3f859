package io.firn;

import java.io.Serializable;
import java.math.BigDecimal;

/**
 * How much of a day may be quarantined before nothing of it is loaded: a count of lines, written without a point, or a
 * share of the lines, written with one.
 *
 * @param count lines; null: the ratio counts
 * @param ratio 0 to 1; null: the count counts
 */
public record MaxQuarantined(Long count, Double ratio) implements Serializable {
    /** One line in a hundred. */
    public static final MaxQuarantined DEFAULT = new MaxQuarantined(null, 0.01);

    /** Reads {@code 100} or {@code 0.01}; throws IllegalArgumentException with a message for the user. */
    public static MaxQuarantined parse(String text) {
        BigDecimal number = new BigDecimal(text);
        boolean count = text.matches("[-+]?\\d+");
        if (number.signum() < 0 || (count && number.toBigInteger().bitLength() >= Long.SIZE)) {
            throw wrong(text);
        }
        if (count) {
            return new MaxQuarantined(number.longValue(), null);
        }
        if (number.compareTo(BigDecimal.ONE) > 0) {
            throw wrong(text);
        }
        return new MaxQuarantined(null, number.doubleValue());
    }

    /** Whether a day with so many quarantined lines is over the limit. */
    public boolean exceededBy(long quarantined, long lines) {
        return count == null ? quarantined > ratio * lines : quarantined > count;
    }

    @Override
    public String toString() {
        return count == null ? BigDecimal.valueOf(ratio).toPlainString() : count.toString();
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException("max-quarantined " + text
                + " is out of range; write a count of lines (0, 100) or a share of them between 0.0 and 1.0 (0.01)");
    }
}
