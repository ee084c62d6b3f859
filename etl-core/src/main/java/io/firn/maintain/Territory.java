package io.firn.maintain;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import org.apache.iceberg.ReachableFileUtil;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableUtil;
import org.apache.iceberg.util.Tasks;
import org.apache.iceberg.util.ThreadPools;

/**
 * Which part of what lies under a table's location is its own, by the metadata.json files there: every one names its
 * table by UUID, be that table of this catalog, of another one, or dropped.
 */
final class Territory {
    private static final Pattern METADATA = Pattern.compile(".*(\\.metadata\\.json|\\.metadata\\.json\\.gz)");

    private final Table table;
    private final Set<String> strangers = new HashSet<>();
    private final Set<String> unreadable = new HashSet<>();

    /**
     * Throws {@link Refused} when the location is shared in a way that leaves nothing for sure.
     *
     * @param listed all that lies there, of whatever age
     */
    Territory(Table table, List<ListedFile> listed) {
        this.table = table;
        String location = ListedFile.key(table.location());
        String metadata = ListedFile.folder(ListedFile.key(TableUtil.metadataFileLocation(table)));
        Set<String> known = new HashSet<>();
        ReachableFileUtil.metadataFileLocations(table, false).forEach(file -> known.add(ListedFile.key(file)));
        Map<String, String> unknown = new TreeMap<>();
        boolean shown = false;
        for (ListedFile file : listed) {
            String key = file.key();
            if (METADATA.matcher(key).matches()) {
                shown |= known.contains(key);
                if (!known.contains(key)) {
                    unknown.put(key, file.location());
                }
            }
        }
        if (ListedFile.isBelow(metadata, location) && !shown) {
            throw new Refused("none of the table's own metadata.json files is among the " + listed.size()
                    + " files that were found under " + table.location() + ", so that listing is not one of this table;"
                    + " see whether its location is spelt as its files are, or give a later --inventory");
        }
        uuids(unknown).forEach((key, uuid) -> judge(key, uuid, metadata, location));
    }

    /** Why a file is not this table's to remove; null: as far as folders tell it may be. */
    String claim(String key) {
        if (unreadable.contains(key)) {
            return "metadata.json files that cannot be understood";
        }
        for (String stranger : strangers) {
            if (ListedFile.isBelow(key, stranger)) {
                return "below " + stranger + ", where another table's metadata lies";
            }
        }
        return null;
    }

    private void judge(String key, String uuid, String metadata, String location) {
        String folder = ListedFile.folder(key);
        if (table.uuid().toString().equals(uuid)) {
            return; // A failed commit's, or one that the log no longer holds.
        }
        if (folder.equals(metadata)) {
            if (!uuid.isEmpty()) {
                throw new Refused("its metadata folder " + metadata + " also holds metadata of table UUID " + uuid
                        + " (" + key
                        + "), so files there cannot be told apart; move one of the two tables, or remove what"
                        + " is left of the other if it was dropped");
            }
            unreadable.add(key);
            return;
        }
        String stranger = ListedFile.folder(folder);
        if (stranger.equals(location) || ListedFile.isBelow(location, stranger)) {
            throw new Refused("metadata of another table lies in " + folder + ", right under this table's location, so"
                    + " files there cannot be told apart; move one of the two tables, or remove what is left of the other"
                    + " if it was dropped");
        }
        strangers.add(stranger);
    }

    /** What each of these files says; empty where nobody can tell. */
    private Map<String, String> uuids(Map<String, String> files) {
        Map<String, String> uuids = new ConcurrentHashMap<>();
        Tasks.foreach(files.entrySet())
                .executeWith(ThreadPools.getWorkerPool())
                .noRetry()
                .throwFailureWhenFinished()
                .run(file -> uuids.put(file.getKey(), uuid(file.getValue())));
        return new TreeMap<>(uuids);
    }

    private String uuid(String location) {
        try (InputStream in = table.io().newInputFile(location).newStream();
                InputStream plain = location.contains(".gz") ? new GZIPInputStream(in) : in;
                JsonParser json = new JsonFactory().createParser(plain)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return "";
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean isUuid = json.currentName().equals("table-uuid");
                json.nextToken();
                if (isUuid) {
                    return json.getText();
                }
                json.skipChildren();
            }
            return "";
        } catch (IOException | RuntimeException e) {
            RemoveOrphans.LOG.info("{} cannot be understood", location, e);
            return "";
        }
    }
}
