package io.firn;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import org.apache.hadoop.conf.Configuration;

import io.firn.config.Secrets;
import io.firn.table.CatalogDefinition;
import io.firn.table.LakeCatalog;
import io.firn.table.LakeTable;
import io.firn.table.TableName;

/** The project's catalogs, opened when first asked for; the only place where their secrets are resolved. */
public final class Catalogs implements AutoCloseable {
    private final Project project;
    private final Configuration hadoop;
    private final Map<String, LakeCatalog> open = new HashMap<>();

    public Catalogs(Project project, Configuration hadoop) {
        this.project = project;
        this.hadoop = hadoop;
    }

    /** Makes a project's catalogs ready for Spark; the settings under which SQL sees them hold secrets. */
    static Map<String, String> sparkSettings(Project project) {
        Map<String, String> settings = new LinkedHashMap<>();
        project.catalogs().forEach((name, definition) -> {
            CatalogDefinition resolved = resolved(definition);
            LakeCatalog.prepare(resolved);
            settings.putAll(resolved.sparkConf(name));
        });
        return settings;
    }

    /** What Hadoop's file systems need for the project's catalogs; holds secrets. */
    static Map<String, String> hadoopSettings(Project project) {
        Map<String, String> settings = new LinkedHashMap<>();
        project.catalogs()
                .values()
                .forEach(definition -> settings.putAll(resolved(definition).hadoopSettings()));
        return settings;
    }

    /** The catalog of a table; throws FirnException when the project has none of that name. */
    public synchronized LakeCatalog of(TableName table) {
        CatalogDefinition definition = project.catalogs().get(table.catalog());
        if (definition == null) {
            throw new FirnException(
                    ExitCode.USAGE,
                    "table " + table + ": there is no catalog \"" + table.catalog() + "\"; firn.yaml has "
                            + String.join(", ", project.catalogs().keySet()));
        }
        return open.computeIfAbsent(table.catalog(), name -> LakeCatalog.open(name, resolved(definition), hadoop));
    }

    /** The table, if it exists; nothing is made to find out. */
    public Optional<LakeTable> find(TableName table) {
        return existing(table).flatMap(catalog -> catalog.find(table));
    }

    /** The catalog of a table, empty where opening it would make it. */
    synchronized Optional<LakeCatalog> existing(TableName table) {
        CatalogDefinition definition = project.catalogs().get(table.catalog());
        boolean none =
                definition != null && !open.containsKey(table.catalog()) && !LakeCatalog.exists(resolved(definition));
        return none ? Optional.empty() : Optional.of(of(table));
    }

    /** Why the catalog of a table could not be opened or asked, without its secrets. */
    String failure(TableName table, RuntimeException failure) {
        CatalogDefinition definition = project.catalogs().get(table.catalog());
        String why = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        if (definition.uri() == null) {
            return "catalog " + table.catalog() + " cannot be opened or asked: " + why;
        }
        String shown = Secrets.masked(definition.uri())
                .replaceFirst("^((?:[A-Za-z0-9+.-]+:)+(?://)?).*@", "$1")
                .replaceFirst("[?;].*", "");
        // Drivers quote the uri as they got it.
        String quoted = why.replace(resolved(definition).uri(), shown);
        return "catalog " + table.catalog() + " at " + shown + " cannot be opened or asked: " + quoted;
    }

    @Override
    public synchronized void close() {
        open.values().forEach(LakeCatalog::close);
        open.clear();
    }

    private static CatalogDefinition resolved(CatalogDefinition definition) {
        return definition.resolved(Secrets::resolve);
    }
}
