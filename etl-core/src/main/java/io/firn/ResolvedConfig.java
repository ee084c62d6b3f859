package io.firn;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.firn.config.Binding;
import io.firn.config.Listing;
import io.firn.source.JsonDump;
import io.firn.table.CatalogDefinition;
import io.firn.table.PartitionField;
import io.firn.table.TableDefinition;

/** The configuration as it is used, every value with the file and line that it comes from. */
public final class ResolvedConfig {
    private ResolvedConfig() {}

    /** YAML with a comment behind each value; secrets are {@code ***}. */
    public static String print(LoadedPipeline loaded) {
        return pipeline(loaded) + project(loaded);
    }

    private static String pipeline(LoadedPipeline loaded) {
        Pipeline pipeline = loaded.pipeline();
        Defaults defaults = pipeline.defaults();
        Listing listing = new Listing(loaded.document())
                .orDefault(pipeline.catalog(), "catalog")
                .orDefault(Resolution.namespace(pipeline), "defaults", "namespace")
                .orDefault(kebab(defaults.unknownColumns()), "defaults", "unknown-columns")
                .orDefault(number(defaults.maxQuarantined()), "defaults", "max-quarantined");
        if (pipeline.source() instanceof JsonDump dump) {
            listing.orDefault(dump.lineLimit(), "source", "max-line-bytes");
        }
        for (ResolvedEvent event : loaded.events()) {
            TableDefinition target = event.target();
            List<String> partitioning =
                    target.partitionBy().stream().map(PartitionField::text).toList();
            listing.orDefault(target.table().text(), "events", event.name(), "target", "table")
                    .orDefault(partitioning, "events", event.name(), "target", "partition-by")
                    .orDefault(kebab(target.mode()), "events", event.name(), "target", "mode")
                    .orDefault(kebab(event.unknownColumns()), "events", event.name(), "unknown-columns");
        }
        return listing.text();
    }

    private static String project(LoadedPipeline loaded) {
        Listing listing = new Listing(loaded.projectDocument());
        Map<String, CatalogDefinition> catalogs = new TreeMap<>(loaded.project().catalogs());
        catalogs.forEach((name, catalog) -> listing.orDefault(kebab(catalog.type()), "catalogs", name, "type")
                .orDefault(catalog.warehouse(), "catalogs", name, "warehouse")
                .orDefault(catalog.state(), "catalogs", name, "state"));
        return listing.text();
    }

    private static String kebab(Enum<?> constant) {
        return Binding.kebab(constant.name());
    }

    private static Object number(MaxQuarantined limit) {
        if (limit.count() == null) {
            return limit.ratio();
        }
        return limit.count();
    }
}
