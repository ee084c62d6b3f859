package io.firn;

import java.util.Set;

import io.firn.change.StrangeSchema;
import io.firn.schema.Column;
import io.firn.schema.NewColumnName;
import io.firn.table.LakeTable;
import io.firn.table.TableName;

/** What people are told as the columns of a topic's table evolve: what came, where, and what to write. */
record EvolutionTexts(String topic, TableName table, String pipeline) {

    FirnException unreadable(StrangeSchema met) {
        return stop("the source's table cannot be told from " + met.place() + ": " + met.problem()
                + ". Name the columns that are wanted under events." + topic + ".columns in " + pipeline);
    }

    FirnException typeChanged(Column column, Column field, DeclaredTable declared, StrangeSchema met) {
        String name = NewColumnName.of(column.name(), field.type(), Set.of());
        String where = declared == null
                ? "under events in " + pipeline + ":\n\n  " + topic + ":\n    on-type-change: new-column\n"
                : "at column " + column.name() + " in " + declared.file() + ":\n\n    on-type-change: new-column\n";
        return stop(
                "column \"" + column.name() + "\" is " + column.type().text() + " in table " + table
                        + ", and its source has come to be " + field.type().text() + " (" + met.place()
                        + "). What was written before is loaded, the rest waits. Write, " + where
                        + "\nand new values go into a column " + name + " and a view " + table + LakeTable.UNIFIED
                        + " shows both as one, where the catalog has views; or write quarantine there, and rows with values that do not fit are quarantined");
    }

    FirnException perhapsRenamed(Column old, Column field, DeclaredTable declared, StrangeSchema met) {
        return stop("column \"" + old.name() + "\" is gone from the source, and \"" + field.name()
                + "\", which is not in " + declared.file() + ", is new and of the same type (" + met.place()
                + "). What was written before is loaded, the rest waits. If it was renamed, write there\n\n  - name: "
                + field.name() + "\n    type: " + field.type().text() + "\n    renamed-from: " + old.name()
                + "\n\nin place of " + old.name() + " and run firn apply " + table + "; if it is another one, list it"
                + " without renamed-from and keep " + old.name());
    }

    FirnException refusesUnlisted(Column field, DeclaredTable declared) {
        return stop("column \"" + field.name() + "\" of the source is not in " + declared.file()
                + ", and unknown-columns is fail. Write there\n\n" + listing(field)
                + "\n\nand run firn apply " + table + ", or choose unknown-columns: report");
    }

    FirnException sameName(Column field, StrangeSchema met) {
        return stop("the source has a column \"" + field.name() + "\" whose name differs in case alone from that of"
                + " another column of table " + table + ", or is that of one that Firn made (" + met.place()
                + "), and names without case are one name to Spark. Rename it at the source, or leave it out there"
                + " (column.exclude.list)");
    }

    String unlisted(Column field, DeclaredTable declared) {
        return about("column \"" + field.name() + "\" of the source is not in " + declared.file()
                + " and not loaded. To have it, write there\n\n" + listing(field) + "\n\nand run firn apply " + table);
    }

    String gone(Column column, StrangeSchema met) {
        return about("the source has no column \"" + column.name() + "\" any more (" + met.place() + "); table " + table
                + " keeps it, null in rows that are written from now on");
    }

    String perhapsRenamed(Column old, Column fresh) {
        return about("column \"" + old.name() + "\" is gone from the source and \"" + fresh.name()
                + "\" is new and of the same type: if it was renamed, older rows of table " + table
                + " have its values in "
                + old.name() + ". Renames are followed where the table is defined in ddl/ (firn ddl --import writes it)"
                + " and says renamed-from");
    }

    String quarantined(Column column, Column field, StrangeSchema met) {
        return about("column \"" + column.name() + "\" is " + column.type().text() + " and its source has come to be "
                + field.type().text() + " (" + met.place() + "); rows whose values do not fit are quarantined");
    }

    String newColumn(Column column, Column fresh, StrangeSchema met) {
        return about("column \"" + column.name() + "\" is " + column.type().text() + " and its source has come to be "
                + fresh.type().text() + " (" + met.place() + "); from now on values go into " + fresh.name()
                + ", and view " + table + LakeTable.UNIFIED
                + " shows both as one, where the catalog has views (else the log has its SELECT)");
    }

    String defaultNotTaken(String column, String value) {
        return about("column \"" + column + "\" is new, and rows that are there have " + value
                + " in it at the source; in table " + table
                + " they read null. Write backfill-default: true under its target"
                + " before such a column comes, or have it in format-version 3, where that costs nothing; now an UPDATE"
                + " by hand mends it");
    }

    private static String listing(Column field) {
        return "  - name: " + field.name() + "\n    type: " + field.type().text();
    }

    private FirnException stop(String what) {
        return new FirnException(ExitCode.FAILED, about(what));
    }

    private String about(String what) {
        return "topic " + topic + ": " + what;
    }
}
