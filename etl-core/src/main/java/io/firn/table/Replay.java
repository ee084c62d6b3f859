package io.firn.table;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.firn.table.Ledger.Change;

/**
 * Adds rows that were quarantined when their files were loaded.
 *
 * @param quarantine the quarantine's snapshot whose rows were read
 * @param planned {@link Ledger#replayed} of the ledger that the run began with; null: there was none
 * @param files by day, the ledger's entries that gain rows, each with the number of rows it gains
 */
public record Replay(long quarantine, Long planned, Map<LocalDate, List<SourceFile>> files) implements Load {
    public Replay {
        files = Map.copyOf(files);
    }

    @Override
    public Standing standing(Ledger now) {
        Long replayed = now.replayed().orElse(null);
        if (replayed != null && replayed == quarantine) {
            return Standing.ALL;
        }
        return Objects.equals(replayed, planned) && knowsEveryFile(now) ? Standing.NOTHING : Standing.OVERTAKEN;
    }

    @Override
    public String identity() {
        return "replay " + quarantine;
    }

    @Override
    public Change change(Ledger now) {
        Map<LocalDate, List<SourceFile>> days = new HashMap<>();
        files.forEach((date, gaining) -> {
            Map<String, Long> gains = new HashMap<>();
            gaining.forEach(file -> gains.put(file.path(), file.rows()));
            days.put(
                    date,
                    now.day(date).stream()
                            .map(file -> file.withRows(file.rows() + gains.getOrDefault(file.path(), 0L)))
                            .toList());
        });
        return new Change(days, true, quarantine);
    }

    private boolean knowsEveryFile(Ledger now) {
        return files.entrySet().stream()
                .allMatch(day ->
                        now.compare(day.getKey(), day.getValue()).loaded().size()
                                == day.getValue().size());
    }
}
