package io.firn.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** One of the ways to load a dump, and what its runs cost so far. */
final class Side {
    private final String name;
    private final Path home;
    private final Load load;
    private final List<Cost> runs = new ArrayList<>();

    /** Loads a dump once, into an empty lake below a directory. */
    @FunctionalInterface
    interface Load {
        Cost into(Path home) throws IOException, InterruptedException;
    }

    Side(String name, Path home, Load load) {
        this.name = name;
        this.home = home;
        this.load = load;
    }

    static Side plain(Baseline way, Dump dump, Path home) {
        return new Side(way.name(), home, at -> new Child(at)
                .spark(
                        Baseline.class,
                        way.name(),
                        dump.directory().toString(),
                        dump.date(),
                        Integer.toString(dump.types().size())));
    }

    static Side firn(Firn firn, Dump dump, String partition, Path home) {
        return new Side("FIRN", home, at -> firn.load(dump, partition, at));
    }

    void runOnce() throws IOException, InterruptedException {
        delete(home);
        Files.createDirectories(home);
        Cost cost = load.into(home);
        System.out.printf("  %-14s %7.1f s %8.1f CPU s%n", name, cost.seconds(), cost.cpuSeconds());
        runs.add(cost);
    }

    /** What the last run left in the tables. */
    List<TableFacts> facts(Dump dump) throws IOException, InterruptedException {
        Path facts = home.resolve("facts.tsv").toAbsolutePath();
        Cost unused = new Child(home)
                .spark(
                        TableFacts.class,
                        facts.toString(),
                        dump.date(),
                        Integer.toString(dump.types().size()));
        return Files.readAllLines(facts).stream().map(TableFacts::parse).toList();
    }

    String name() {
        return name;
    }

    Cost cost() {
        return Cost.median(runs);
    }

    void deleteTables() throws IOException {
        delete(home);
    }

    static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
