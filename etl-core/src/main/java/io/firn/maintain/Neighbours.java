package io.firn.maintain;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.util.Tasks;
import org.apache.iceberg.util.ThreadPools;

import io.firn.table.LakeCatalog;
import io.firn.table.TableName;

/**
 * Where the tables of a catalog lie, so that upkeep of one never touches files of another. They are looked up when first
 * asked for and then remembered. May be used by several threads.
 */
public final class Neighbours {
    /** Names that Iceberg no longer writes, and still reads. */
    private static final String OLD_OBJECT_STORE = "write.object-storage.path";

    private static final String OLD_FOLDER_STORE = "write.folder-storage.path";

    private final LakeCatalog catalog;
    private Places places;

    private Neighbours(LakeCatalog catalog) {
        this.catalog = catalog;
    }

    public static Neighbours of(LakeCatalog catalog) {
        return new Neighbours(catalog);
    }

    /** The catalog whose tables they are. */
    public LakeCatalog catalog() {
        return catalog;
    }

    /** Where a table may have files: its location and what its properties say, as {@link ListedFile#key}s. */
    record Place(TableIdentifier table, Set<String> folders) {
        static Place of(TableIdentifier name, Table table) {
            Set<String> folders = new TreeSet<>();
            Stream.of(
                            table.location(),
                            table.properties().get(TableProperties.WRITE_DATA_LOCATION),
                            table.properties().get(TableProperties.WRITE_METADATA_LOCATION),
                            table.properties().get(OLD_OBJECT_STORE),
                            table.properties().get(OLD_FOLDER_STORE))
                    .filter(Objects::nonNull)
                    .forEach(folder -> folders.add(ListedFile.key(folder)));
            return new Place(name, folders);
        }
    }

    /** @param unreadable tables of which nobody can tell where they lie */
    record Places(List<Place> places, Set<String> unreadable) {}

    /** The other tables' places. */
    Places others(TableName than) {
        Places all = all();
        TableIdentifier own = TableIdentifier.of(Namespace.of(than.namespace().toArray(String[]::new)), than.name());
        return new Places(
                all.places().stream()
                        .filter(place -> !place.table().equals(own))
                        .toList(),
                all.unreadable());
    }

    /** A table as it is now; null: it was dropped. */
    Table load(Place place) {
        try {
            return catalog.catalog().loadTable(place.table());
        } catch (NoSuchTableException e) {
            return null;
        }
    }

    private synchronized Places all() {
        if (places == null) {
            ConcurrentLinkedQueue<Place> found = new ConcurrentLinkedQueue<>();
            Set<String> unreadable = Collections.synchronizedSet(new TreeSet<>());
            Tasks.foreach(tables(catalog.catalog()))
                    .executeWith(ThreadPools.getWorkerPool())
                    .noRetry()
                    .throwFailureWhenFinished()
                    .run(name -> {
                        try {
                            found.add(Place.of(name, catalog.catalog().loadTable(name)));
                        } catch (NoSuchTableException e) {
                            RemoveOrphans.LOG.debug("table {} was dropped", name);
                        } catch (RuntimeException e) {
                            RemoveOrphans.LOG.warn("firn remove-orphans: table {} cannot be loaded", name, e);
                            unreadable.add(name.toString());
                        }
                    });
            places = new Places(List.copyOf(found), unreadable);
        }
        return places;
    }

    private static Set<TableIdentifier> tables(Catalog catalog) {
        Set<TableIdentifier> tables = new LinkedHashSet<>();
        if (catalog instanceof SupportsNamespaces namespaces) {
            Set<Namespace> seen = new HashSet<>();
            namespaces.listNamespaces().forEach(namespace -> add(tables, catalog, namespaces, namespace, seen));
        }
        return tables;
    }

    /** Some catalogs list inner namespaces among the outer ones, too. */
    private static void add(
            Set<TableIdentifier> tables,
            Catalog catalog,
            SupportsNamespaces namespaces,
            Namespace namespace,
            Set<Namespace> seen) {
        if (seen.add(namespace)) {
            tables.addAll(catalog.listTables(namespace));
            namespaces.listNamespaces(namespace).forEach(inner -> add(tables, catalog, namespaces, inner, seen));
        }
    }
}
