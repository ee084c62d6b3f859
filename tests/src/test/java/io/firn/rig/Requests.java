package io.firn.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What services were asked for, each {@code <service>:<action> <arn>}, by the role that asks at the time. */
public final class Requests {
    private static final Path FOLDER = Path.of("target", "requests");

    private final Map<String, Set<String>> byRole = new TreeMap<>();
    private String role = "set-up";

    /** From here on, this role asks; {@code ingest-...}, {@code maintenance-...} or {@code analyst-...}. */
    public synchronized void by(String role) {
        this.role = role;
    }

    synchronized void add(Collection<String> requests) {
        byRole.computeIfAbsent(role, name -> new TreeSet<>()).addAll(requests);
    }

    /** Writes each role's requests, sorted and each once, for the test of the roles' policies. */
    public synchronized void write() {
        try {
            Files.createDirectories(FOLDER);
            for (Map.Entry<String, Set<String>> asked : byRole.entrySet()) {
                if (!asked.getKey().equals("set-up")) {
                    Files.write(FOLDER.resolve(asked.getKey() + ".txt"), asked.getValue());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a role asked for. */
    public synchronized Set<String> of(String role) {
        return new TreeSet<>(byRole.getOrDefault(role, Set.of()));
    }
}
