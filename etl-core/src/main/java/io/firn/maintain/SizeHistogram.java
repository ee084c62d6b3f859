package io.firn.maintain;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

import com.fasterxml.jackson.annotation.JsonIgnore;

/** How many files there are of which size, the smallest first. */
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

    private static final String LEVELS = "\u00b7\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588";

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
        return new SizeHistogram(List.copyOf(bins));
    }

    /** Without empty classes at both ends. */
    @JsonIgnore
    public List<Bin> shown() {
        int from = 0;
        int to = bins.size();
        while (to > 0 && bins.get(to - 1).files() == 0) {
            to--;
        }
        while (from < to && bins.get(from).files() == 0) {
            from++;
        }
        return bins.subList(from, to);
    }

    /** A letter for each class, as high as it has files. */
    @JsonIgnore
    public String sparkline() {
        long most = bins.stream().mapToLong(Bin::files).max().orElse(0);
        StringBuilder line = new StringBuilder();
        for (Bin bin : bins) {
            long height = bin.files() == 0 ? 0 : 1 + bin.files() * (LEVELS.length() - 2) / most;
            line.append(LEVELS.charAt((int) height));
        }
        return line.toString();
    }
}
