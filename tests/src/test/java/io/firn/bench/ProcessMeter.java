package io.firn.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

import com.sun.management.OperatingSystemMXBean;

/** What this process has used so far: time on the clock and of processors, bytes through its read and write calls. */
record ProcessMeter(double seconds, double cpu, long read, long written) {
    static ProcessMeter now() {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return new ProcessMeter(System.nanoTime() / 1e9, system.getProcessCpuTime() / 1e9, io("rchar:"), io("wchar:"));
    }

    ProcessMeter minus(ProcessMeter before) {
        return new ProcessMeter(
                seconds - before.seconds, cpu - before.cpu, read - before.read, written - before.written);
    }

    private static long io(String name) {
        try {
            return Files.readAllLines(Path.of("/proc/self/io")).stream()
                    .filter(line -> line.startsWith(name))
                    .mapToLong(
                            line -> Long.parseLong(line.substring(name.length()).strip()))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0; // no Linux: the other figures stand
        }
    }
}
