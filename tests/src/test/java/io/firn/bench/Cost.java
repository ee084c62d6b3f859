package io.firn.bench;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;

/** What one process cost, the JVM's start included: seconds on the clock and of the processor, bytes of memory. */
record Cost(double seconds, double cpuSeconds, long peakHeap, long liveHeap, long peakRss) {

    static Cost read(double seconds, Path measured) throws IOException {
        Properties cost = new Properties();
        try (Reader in = Files.newBufferedReader(measured)) {
            cost.load(in);
        }
        return new Cost(
                seconds,
                Double.parseDouble(cost.getProperty("cpu")),
                Long.parseLong(cost.getProperty("peak-heap")),
                Long.parseLong(cost.getProperty("live-heap")),
                Long.parseLong(cost.getProperty("peak-rss")));
    }

    /** The run in the middle by processor time; of memory the most that any run took. */
    static Cost median(List<Cost> runs) {
        Cost middle = runs.stream()
                .sorted(Comparator.comparingDouble(Cost::cpuSeconds))
                .skip((runs.size() - 1) / 2)
                .findFirst()
                .orElseThrow();
        return new Cost(
                middle.seconds,
                middle.cpuSeconds,
                runs.stream().mapToLong(Cost::peakHeap).max().orElseThrow(),
                runs.stream().mapToLong(Cost::liveHeap).max().orElseThrow(),
                runs.stream().mapToLong(Cost::peakRss).max().orElseThrow());
    }
}
