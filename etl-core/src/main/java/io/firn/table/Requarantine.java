package io.firn.table;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import io.firn.table.Ledger.Change;

/**
 * Puts what a run refused of a day's files in the place of what earlier runs refused of them. A file may be read again
 * although its rows are here: the run that put them there was killed before its tables, or its gate closed.
 *
 * @param date the day
 * @param files the files that were read, each with the rows it gave the quarantine
 * @param partly those of them of which only some events were looked at, so that other events' rows stay
 * @param reading what else decides about the rows, such as the YAML: equal readings of equal files give equal rows
 * @param planned {@link Ledger#commit} of the ledger that the run began with; null: there was none
 */
public record Requarantine(LocalDate date, List<SourceFile> files, Set<String> partly, String reading, String planned)
        implements Load {
    public Requarantine {
        files = List.copyOf(files);
        partly = Set.copyOf(partly);
    }

    @Override
    public Standing standing(Ledger now) {
        return Objects.equals(now.commit().orElse(null), planned) ? Standing.NOTHING : Standing.OVERTAKEN;
    }

    @Override
    public String identity() {
        return files.stream()
                .map(SourceFile::identity)
                .sorted()
                .collect(Collectors.joining(
                        "\n", "requarantine " + date + " by " + reading + " after " + planned + "\n", ""));
    }

    @Override
    public Change change(Ledger now) {
        Map<String, Long> before = rows(now);
        List<SourceFile> after = files.stream()
                .map(file -> partly.contains(file.path())
                        ? file.withRows(file.rows() + before.getOrDefault(file.path(), 0L))
                        : file)
                .toList();
        return new Change(Map.of(date, now.dayWith(date, after)), true, null);
    }

    @Override
    public Set<String> replaced(Ledger now) {
        Map<String, Long> before = rows(now);
        return files.stream()
                .map(SourceFile::path)
                .filter(path -> before.getOrDefault(path, 0L) > 0)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public boolean sparesOtherPipelines() {
        return true;
    }

    private Map<String, Long> rows(Ledger now) {
        Map<String, Long> rows = new HashMap<>();
        now.day(date).forEach(file -> rows.put(file.path(), file.rows()));
        return rows;
    }
}
