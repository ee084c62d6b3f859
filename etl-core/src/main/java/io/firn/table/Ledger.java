package io.firn.table;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.firn.table.LedgerStore.Written;

/** Which source files a pipeline has loaded into a table, as the table said when it was last read. */
public final class Ledger {
    private final LedgerStore store;
    private final TableName table;
    private final String pipeline;
    private final LedgerPointer pointer;
    private final Index index;

    private Ledger(LedgerStore store, TableName table, String pipeline, LedgerPointer pointer, Index index) {
        this.store = store;
        this.table = table;
        this.pipeline = pipeline;
        this.pointer = pointer;
        this.index = index;
    }

    /** @param pointer null: nothing was loaded yet */
    static Ledger load(LedgerStore store, TableName table, String pipeline, LedgerPointer pointer) {
        Index index = pointer == null
                ? new Index(table.text(), pipeline, new TreeMap<>(), null)
                : store.read(new Written(pointer.address(), pointer.sha256()), Index.class, table, pipeline);
        return new Ledger(store, table, pipeline, pointer, index);
    }

    /** How source files stand to the ledger. */
    public record Comparison(List<SourceFile> fresh, List<SourceFile> loaded, List<SourceFile> changed) {}

    /** What the ledger holds together. */
    public record Totals(int days, long files, long rows, LocalDate lastDay) {}

    /** Tells which of a day's files are new, which are loaded, and which changed since they were loaded. */
    public Comparison compare(LocalDate date, List<SourceFile> found) {
        Map<String, SourceFile> known =
                day(date).stream().collect(Collectors.toMap(SourceFile::path, Function.identity()));
        Comparison result = new Comparison(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (SourceFile file : found) {
            SourceFile before = known.get(file.path());
            if (before == null) {
                result.fresh.add(file);
            } else if (before.sameContent(file)) {
                result.loaded.add(file);
            } else {
                result.changed.add(file);
            }
        }
        return result;
    }

    /** The files loaded for a day, in the order of their paths. */
    public List<SourceFile> day(LocalDate date) {
        Day day = index.days().get(date.toString());
        return day == null
                ? List.of()
                : store.read(new Written(day.address(), day.sha256()), DayFile.class, table, pipeline)
                        .files();
    }

    /** Whether any of these files was loaded, for whatever day. */
    boolean holdsAnyOf(Set<String> paths) {
        return days().stream().flatMap(date -> day(date).stream()).anyMatch(file -> paths.contains(file.path()));
    }

    /** Where its files lie. */
    List<String> addresses() {
        List<String> addresses = new ArrayList<>();
        if (pointer != null) {
            addresses.add(pointer.address());
        }
        index.days().values().forEach(day -> addresses.add(day.address()));
        return addresses;
    }

    /** The days that hold files. */
    public SortedSet<LocalDate> days() {
        return index.days().keySet().stream().map(LocalDate::parse).collect(Collectors.toCollection(TreeSet::new));
    }

    public Totals totals() {
        long files = 0;
        long rows = 0;
        for (Day day : index.days().values()) {
            files += day.files();
            rows += day.rows();
        }
        LocalDate last =
                index.days().isEmpty() ? null : LocalDate.parse(index.days().lastKey());
        return new Totals(index.days().size(), files, rows, last);
    }

    /** The quarantine snapshot that was last replayed into the table. */
    public Optional<Long> replayed() {
        return Optional.ofNullable(index.replayed());
    }

    /** The id of the load that was published last. */
    public Optional<String> commit() {
        return pointer == null ? Optional.empty() : Optional.of(pointer.commit());
    }

    LedgerPointer pointer() {
        return pointer;
    }

    /**
     * What a load makes of a ledger.
     *
     * @param days the days whose files change, each with all of its files
     * @param keepsOthers whether days not named stay
     * @param replayed the quarantine snapshot replayed last, or null
     */
    record Change(Map<LocalDate, List<SourceFile>> days, boolean keepsOthers, Long replayed) {}

    /** Writes this ledger with a change applied; the table does not point to it yet. */
    Written write(Change change) {
        NavigableMap<String, Day> days = change.keepsOthers() ? new TreeMap<>(index.days()) : new TreeMap<>();
        change.days().forEach((date, files) -> {
            List<SourceFile> sorted = files.stream()
                    .sorted((a, b) -> a.path().compareTo(b.path()))
                    .toList();
            long rows = sorted.stream().mapToLong(SourceFile::rows).sum();
            Written written = store.write(pipeline, table, date.toString(), new DayFile(date.toString(), sorted));
            days.put(date.toString(), new Day(written.address(), written.sha256(), sorted.size(), rows));
        });
        return store.write(pipeline, table, "index", new Index(table.text(), pipeline, days, change.replayed()));
    }

    /** A day's files with some added or put in the place of those of the same path. */
    List<SourceFile> dayWith(LocalDate date, List<SourceFile> files) {
        Map<String, SourceFile> all = new LinkedHashMap<>();
        day(date).forEach(file -> all.put(file.path(), file));
        files.forEach(file -> all.put(file.path(), file));
        return List.copyOf(all.values());
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Index(String table, String pipeline, NavigableMap<String, Day> days, Long replayed) {}

    record Day(String address, String sha256, int files, long rows) {}

    record DayFile(String date, List<SourceFile> files) {}
}
