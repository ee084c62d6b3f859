package io.firn.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.OperatingSystemMXBean;
import org.apache.spark.scheduler.SparkListener;

/**
 * Leaves behind what its process cost, in the file that the property {@code bench.measured} names. Spark starts it as a
 * listener of any session, so that every side is measured alike and Firn as its launcher starts it.
 */
public final class Measured extends SparkListener {
    private static final AtomicLong PEAK = new AtomicLong();
    private static final AtomicLong LIVE = new AtomicLong();

    public Measured() {
        Path result = Path.of(System.getProperty("bench.measured"));
        watchHeap();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> write(result)));
    }

    /** Where this class lies, for the class path of a process that does not have it. */
    static Path classes() {
        try {
            return Path.of(Measured.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void watchHeap() {
        Set<String> heap = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(pool -> pool.getName())
                .collect(Collectors.toSet());
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            ((NotificationEmitter) collector)
                    .addNotificationListener(
                            (notification, handback) -> {
                                GarbageCollectionNotificationInfo info = GarbageCollectionNotificationInfo.from(
                                        (CompositeData) notification.getUserData());
                                raise(PEAK, used(heap, info.getGcInfo().getMemoryUsageBeforeGc()));
                                raise(LIVE, used(heap, info.getGcInfo().getMemoryUsageAfterGc()));
                            },
                            null,
                            null);
        }
    }

    private static long used(Set<String> heap, Map<String, MemoryUsage> pools) {
        return pools.entrySet().stream()
                .filter(pool -> heap.contains(pool.getKey()))
                .mapToLong(pool -> pool.getValue().getUsed())
                .sum();
    }

    private static void raise(AtomicLong peak, long value) {
        peak.accumulateAndGet(value, Math::max);
    }

    private static void write(Path result) {
        raise(PEAK, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        String text = String.format(
                Locale.ROOT,
                "cpu=%.3f%npeak-heap=%d%nlive-heap=%d%npeak-rss=%d%n",
                system.getProcessCpuTime() / 1e9,
                PEAK.get(),
                LIVE.get(),
                residentPeak());
        try {
            Files.writeString(result, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long residentPeak() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0; // no Linux: the other figures stand
        }
    }
}
