package io.firn;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import io.firn.table.Ledger;
import io.firn.table.Ledger.Comparison;
import io.firn.table.SourceFile;
import io.firn.table.TableDefinition.Mode;
import io.firn.table.TruncateLoad;

/**
 * What a day asks for: its files held against what each table's ledger says.
 *
 * @param listed all files of the day
 * @param wanted by event, the files whose rows its table lacks
 * @param held files that some table holds already: what their lines came to is known, but for the events that want them
 * @param changed files that are not what they were when some table loaded them
 */
record DayPlan(
        LocalDate date, List<SourceFile> listed, List<List<SourceFile>> wanted, Set<String> held, Set<String> changed) {

    /** @param replace whether changed files are loaded in the place of what they were */
    static DayPlan of(LocalDate date, List<SourceFile> listed, List<EventTable> tables, boolean replace) {
        List<List<SourceFile>> wanted = new ArrayList<>();
        Set<String> held = new HashSet<>();
        Set<String> changed = new TreeSet<>();
        for (EventTable table : tables) {
            List<SourceFile> files = table.failed() ? List.of() : wanted(table, date, listed, replace, changed);
            wanted.add(files);
            if (!table.failed()) {
                Set<SourceFile> lacking = Set.copyOf(files);
                listed.stream().filter(file -> !lacking.contains(file)).forEach(file -> held.add(file.path()));
            }
        }
        return new DayPlan(date, listed, wanted, held, changed);
    }

    private static List<SourceFile> wanted(
            EventTable table, LocalDate date, List<SourceFile> listed, boolean replace, Set<String> changed) {
        Ledger ledger = table.ledger();
        if (ledger == null) {
            return listed;
        }
        if (table.event().target().mode() == Mode.TRUNCATE_LOAD) {
            return TruncateLoad.holdsExactly(ledger, date, listed) ? List.of() : listed;
        }
        Comparison compared = ledger.compare(date, listed);
        compared.changed().forEach(file -> changed.add(file.path()));
        List<SourceFile> files = new ArrayList<>(compared.fresh());
        if (replace) {
            files.addAll(compared.changed());
        }
        return files;
    }

    /** Throws FirnException when files are not what they were: their rows would be loaded twice. */
    void refuseChanged() {
        if (!changed.isEmpty()) {
            throw new FirnException(
                    ExitCode.FAILED,
                    "changed since they were loaded, so nothing was loaded: " + String.join(", ", changed)
                            + "; --replace puts their new rows in the place of the old ones");
        }
    }

    /** Of the files to read those that are other files by now or gone, as {@code listedAfter} shows them. */
    List<String> changedSince(List<SourceFile> listedAfter) {
        Map<String, SourceFile> after = new HashMap<>();
        listedAfter.forEach(file -> after.put(file.path(), file));
        return toRead().stream()
                .filter(file -> !after.containsKey(file.path())
                        || !after.get(file.path()).sameContent(file))
                .map(SourceFile::path)
                .toList();
    }

    /** The files that some table lacks, in listing order. */
    List<SourceFile> toRead() {
        Set<SourceFile> all = new LinkedHashSet<>();
        wanted.forEach(all::addAll);
        return listed.stream().filter(all::contains).toList();
    }

    /** For files that not all tables want: the events whose tables do. */
    Map<String, BitSet> missing() {
        Map<String, BitSet> missing = new HashMap<>();
        for (int event = 0; event < wanted.size(); event++) {
            for (SourceFile file : wanted.get(event)) {
                missing.computeIfAbsent(file.path(), path -> new BitSet()).set(event);
            }
        }
        missing.values().removeIf(events -> events.cardinality() == wanted.size());
        return missing;
    }
}
