package io.firn.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.OperatingSystemMXBean;

/** Runs another class's main and leaves behind what its process cost; arguments: the file, the class, its arguments. */
final class Measured {
    private static final AtomicLong PEAK = new AtomicLong();
    private static final AtomicLong LIVE = new AtomicLong();

    private Measured() {}

    public static void main(String[] args) throws Exception {
        Path result = Path.of(args[0]).toAbsolutePath();
        watchHeap();
        // A hook and not a finally: the command under test ends by System.exit.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> write(result)));
        Class.forName(args[1]).getMethod("main", String[].class).invoke(null, (Object)
                Arrays.copyOfRange(args, 2, args.length));
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
