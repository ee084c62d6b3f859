package io.firn;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import io.firn.config.Binding;
import io.firn.config.ConfigException;
import io.firn.table.ChangeOrigin;
import io.firn.table.Destructive;
import io.firn.table.LakeCatalog;
import io.firn.table.TableChange;
import io.firn.table.TableChange.Effect;
import io.firn.table.TableDefinition;
import io.firn.table.TableDiff;
import io.firn.table.TableException;

/**
 * What leads from a live table to its definition under {@code ddl/}, to be made or made already.
 *
 * @param file the definition
 * @param create there is, or was, no such table
 * @param error why nothing can be told or was done, or null
 */
public record TablePlan(String table, String file, boolean create, List<Change> changes, String error) {

    /**
     * One change.
     *
     * @param kind what is done, such as add-column
     */
    public record Change(String kind, String text, Effect effect) {}

    /** What differs; changes nothing. */
    public static List<TablePlan> of(LoadedTables tables, Catalogs catalogs) {
        return each(tables, catalogs, definition -> catalogs.existing(definition.table())
                .map(catalog -> catalog.diff(definition))
                .orElseGet(() -> LakeCatalog.newTable(definition)));
    }

    /** Makes each table what its definition says; one table's trouble does not stop the others. */
    public static List<TablePlan> apply(LoadedTables tables, Catalogs catalogs, Destructive destructive) {
        return each(tables, catalogs, definition -> catalogs.of(definition.table())
                .apply(definition, destructive, ChangeOrigin.apply(DeclaredTables.text(definition.table()))));
    }

    /** Whether there is, or was, something to do. */
    public boolean changed() {
        return error == null && (create || changes.stream().anyMatch(change -> change.effect() != Effect.NOTED));
    }

    /** Whether an apply would stop, or stopped. */
    public boolean blocked() {
        return error != null || changes.stream().anyMatch(change -> change.effect() == Effect.REFUSED);
    }

    private static List<TablePlan> each(
            LoadedTables tables, Catalogs catalogs, Function<TableDefinition, TableDiff> diffs) {
        List<TablePlan> plans = new ArrayList<>();
        for (DeclaredTable table : tables.tables()) {
            plans.add(one(table, catalogs, diffs));
        }
        return plans;
    }

    private static TablePlan one(DeclaredTable table, Catalogs catalogs, Function<TableDefinition, TableDiff> diffs) {
        String name = table.definition().table().text();
        String file = table.file().toString();
        try {
            TableDiff diff = diffs.apply(table.definition());
            List<Change> changes =
                    diff.changes().stream().map(TablePlan::change).toList();
            return new TablePlan(name, file, diff.create(), changes, null);
        } catch (TableException | FirnException | ConfigException e) {
            return new TablePlan(name, file, false, List.of(), e.getMessage());
        } catch (RuntimeException e) {
            return new TablePlan(
                    name,
                    file,
                    false,
                    List.of(),
                    catalogs.failure(table.definition().table(), e));
        }
    }

    private static Change change(TableChange change) {
        return new Change(Binding.kebab(change.getClass().getSimpleName()), change.text(), change.effect());
    }
}
