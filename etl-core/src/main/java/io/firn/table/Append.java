package io.firn.table;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import io.firn.table.Ledger.Change;
import io.firn.table.Ledger.Comparison;

/**
 * Adds the rows of a day's files that the table does not hold yet.
 *
 * @param date the day
 * @param files the files that were read, each with the rows it gave
 * @param replacing the versions of them that were loaded when the load was planned, and whose place they may take
 */
public record Append(LocalDate date, List<SourceFile> files, Set<SourceFile> replacing) implements Load {
    public Append {
        files = List.copyOf(files);
        replacing = Set.copyOf(replacing);
    }

    @Override
    public LocalDate day() {
        return date;
    }

    @Override
    public Standing standing(Ledger now) {
        Comparison known = now.compare(date, files);
        if (known.loaded().size() == files.size()) {
            return Standing.ALL;
        }
        Set<String> asPlanned = paths(now.compare(date, List.copyOf(replacing)).loaded());
        boolean mayReplace = asPlanned.containsAll(paths(known.changed()));
        return known.loaded().isEmpty() && mayReplace ? Standing.NOTHING : Standing.OVERTAKEN;
    }

    @Override
    public String identity() {
        return files.stream()
                .map(SourceFile::identity)
                .sorted()
                .collect(Collectors.joining("\n", "append " + date + "\n", ""));
    }

    @Override
    public Change change(Ledger now) {
        return new Change(
                Map.of(date, now.dayWith(date, files)), true, now.replayed().orElse(null));
    }

    @Override
    public Set<String> replaced(Ledger now) {
        return paths(now.compare(date, files).changed());
    }

    private static Set<String> paths(List<SourceFile> files) {
        return files.stream().map(SourceFile::path).collect(Collectors.toCollection(TreeSet::new));
    }
}
