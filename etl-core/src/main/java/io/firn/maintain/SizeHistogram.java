package io.firn.maintain;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** How many files there are of which size; empty classes at both ends are left out. */
public record SizeHistogram(List<Bin> bins) {
    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;
    private static final long[] BELOW = {
        64 * KIB, MIB, 8 * MIB, 32 * MIB, 128 * MIB, 512 * MIB, 1024 * MIB, Long.MAX_VALUE
    };
    private static final String[] NAMES = {
        "below 64 KiB",
        "64 KiB - 1 MiB",
        "1 - 8 MiB",
        "8 - 32 MiB",
        "32 - 128 MiB",
        "128 - 512 MiB",
        "512 MiB - 1 GiB",
        "1 GiB and more"
    };

    /** The files of one size. */
    public record Bin(String sizes, long files, long bytes) {}

    static SizeHistogram of(LongStream sizes) {
        long[] files = new long[BELOW.length];
        long[] bytes = new long[BELOW.length];
        sizes.forEach(size -> {
            int bin = 0;
            while (size >= BELOW[bin] && bin < BELOW.length - 1) {
                bin++;
            }
            files[bin]++;
            bytes[bin] += size;
        });
        List<Bin> bins = new ArrayList<>();
        for (int bin = 0; bin < BELOW.length; bin++) {
            bins.add(new Bin(NAMES[bin], files[bin], bytes[bin]));
        }
        while (!bins.isEmpty() && bins.get(bins.size() - 1).files() == 0) {
            bins.remove(bins.size() - 1);
        }
        while (!bins.isEmpty() && bins.get(0).files() == 0) {
            bins.remove(0);
        }
        return new SizeHistogram(List.copyOf(bins));
    }
}
