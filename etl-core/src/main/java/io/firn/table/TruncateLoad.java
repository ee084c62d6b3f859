package io.firn.table;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

import io.firn.table.Ledger.Change;

/**
 * Makes the table hold exactly one day's files.
 *
 * @param date the day
 * @param files all of the day's files, each with the rows it gave
 * @param planned {@link Ledger#commit} of the ledger that the run began with; null: there was none
 */
public record TruncateLoad(LocalDate date, List<SourceFile> files, String planned) implements Load {
    public TruncateLoad {
        files = List.copyOf(files);
    }

    /** Whether the table already holds exactly these files. */
    public static boolean holdsExactly(Ledger ledger, LocalDate date, List<SourceFile> files) {
        return ledger.totals().days() == 1
                && ledger.totals().files() == files.size()
                && ledger.compare(date, files).loaded().size() == files.size();
    }

    @Override
    public LocalDate day() {
        return date;
    }

    @Override
    public Standing standing(Ledger now) {
        if (holdsExactly(now, date, files)) {
            return Standing.ALL;
        }
        return Objects.equals(now.commit().orElse(null), planned) ? Standing.NOTHING : Standing.OVERTAKEN;
    }

    @Override
    public String identity() {
        return files.stream()
                .map(SourceFile::identity)
                .sorted()
                .collect(Collectors.joining("\n", "truncate-load " + date + "\n", ""));
    }

    @Override
    public Change change(Ledger now) {
        return new Change(Map.of(date, files), false, now.replayed().orElse(null));
    }

    @Override
    public boolean emptiesTable() {
        return true;
    }
}
