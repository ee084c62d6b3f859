package io.firn.maintain;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.TableUtil;
import org.apache.iceberg.util.PropertyUtil;

import io.firn.maintain.Neighbours.Place;
import io.firn.maintain.Neighbours.Places;
import io.firn.table.TableName;

/** What other tables of the catalog, and Firn itself, have under a table's location. */
final class Claims {
    private final Map<String, String> folders = new LinkedHashMap<>();
    private final List<Table> sharers = new ArrayList<>();
    private final List<String> own;
    private final String outside;

    /** Throws {@link Refused} when a table that shares the location is never to lose files. */
    Claims(Table table, Neighbours neighbours, TableName name) {
        String location = ListedFile.key(table.location());
        String data = table.properties().getOrDefault(TableProperties.WRITE_DATA_LOCATION, table.location() + "/data");
        own = List.of(ListedFile.folder(ListedFile.key(TableUtil.metadataFileLocation(table))), ListedFile.key(data));
        Places others = neighbours.others(name);
        for (Place place : others.places()) {
            boolean shares = false;
            for (String folder : place.folders()) {
                if (ListedFile.isBelow(folder, location) && own.stream().noneMatch(mine -> isIn(mine, folder))) {
                    folders.put(folder, "below " + folder + ", which is table " + place.table() + "'s");
                } else {
                    shares |= isIn(folder, location) || isIn(location, folder);
                }
            }
            if (shares) {
                share(place, neighbours.load(place));
            }
        }
        folders.put(ListedFile.key(neighbours.catalog().state().toString()), "Firn's own state");
        outside = others.unreadable().isEmpty()
                ? null
                : "outside of its data and metadata folders, while these tables cannot be loaded: "
                        + String.join(", ", new TreeSet<>(others.unreadable()));
    }

    /** Why a file is not the table's to remove; null: as far as folders tell it may be. */
    String claim(String key) {
        for (Map.Entry<String, String> folder : folders.entrySet()) {
            if (ListedFile.isBelow(key, folder.getKey())) {
                return folder.getValue();
            }
        }
        return own.stream().anyMatch(mine -> ListedFile.isBelow(key, mine)) ? null : outside;
    }

    /** Tables whose files may lie among this one's: only their metadata tells. */
    List<Table> sharers() {
        return sharers;
    }

    /** @param sharer null: it was dropped since */
    private void share(Place place, Table sharer) {
        if (sharer == null) {
            return;
        }
        if (!PropertyUtil.propertyAsBoolean(sharer.properties(), TableProperties.GC_ENABLED, true)) {
            throw new Refused(
                    "table " + place.table() + " shares its folders and has gc.enabled=false: its files are not"
                            + " to be deleted. Move one of the two, or set gc.enabled there if no other table needs its files");
        }
        sharers.add(sharer);
    }

    private static boolean isIn(String folder, String other) {
        return folder.equals(other) || ListedFile.isBelow(folder, other);
    }
}
