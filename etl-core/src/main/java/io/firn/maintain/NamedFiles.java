package io.firn.maintain;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/** The data files that snapshots name; each manifest is read once. */
final class NamedFiles {
    private final Table table;
    private final Map<String, List<DataFile>> byManifest = new HashMap<>();

    NamedFiles(Table table) {
        this.table = table;
    }

    /** By path. */
    Map<String, DataFile> of(Collection<Snapshot> snapshots) {
        Map<String, DataFile> files = new LinkedHashMap<>();
        Set<String> seen = new HashSet<>();
        for (Snapshot snapshot : snapshots) {
            for (ManifestFile manifest : snapshot.dataManifests(table.io())) {
                if (seen.add(manifest.path())) {
                    read(manifest).forEach(file -> files.put(file.location(), file));
                }
            }
        }
        return files;
    }

    private List<DataFile> read(ManifestFile manifest) {
        return byManifest.computeIfAbsent(manifest.path(), path -> {
            List<DataFile> files = new ArrayList<>();
            try (ManifestReader<DataFile> reader = ManifestFiles.read(manifest, table.io(), table.specs())) {
                reader.forEach(file -> files.add(file.copy()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return files;
        });
    }
}
