package io.firn;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import io.firn.config.ConfigException;
import io.firn.config.Document;
import io.firn.config.Overrides;
import io.firn.config.Place;
import io.firn.config.YamlFile;
import io.firn.table.CatalogDefinition;
import io.firn.table.TableName;

/**
 * What all pipelines of a project share; the file firn.yaml beside them or in a folder above.
 *
 * @param catalogs by name; null: one catalog, lake, on a SQLite file in the folder lake
 * @param emr where jobs run on EMR; null: nowhere
 */
public record Project(Map<String, CatalogDefinition> catalogs, Emr emr) {
    /** The catalog of a pipeline that names none. */
    public static final String DEFAULT_CATALOG = "lake";

    static final String FILE = "firn.yaml";

    /** Reads the project of a folder; throws ConfigException with everything that is wrong. */
    public static Project load(Path folder, Overrides overrides) throws ConfigException {
        Config config = new Config(overrides);
        Project project = config.project(folder);
        config.problems().throwIfAny();
        return project;
    }

    /** The table that a word of the command line means: {@code namespace.table}, or with its catalog in front. */
    public TableName table(String word) {
        boolean whole = word.matches("[^.]*\\.[^.]*\\..*") && catalogs.containsKey(word.replaceFirst("\\..*", ""));
        try {
            return TableName.parse(whole ? word : usualCatalog() + "." + word);
        } catch (IllegalArgumentException e) {
            throw new FirnException(
                    ExitCode.USAGE,
                    "\"" + word + "\" names no table; write namespace.table or catalog.namespace.table, with one of the"
                            + " catalogs " + String.join(", ", catalogs.keySet()));
        }
    }

    /** The catalog of a table that is named without one. */
    String usualCatalog() {
        return catalogs.size() == 1 ? catalogs.keySet().iterator().next() : DEFAULT_CATALOG;
    }

    /** Relative paths are relative to the folder of the file in which they stand. */
    Project resolved(YamlFile file, Document<Project> document) {
        if (catalogs == null) {
            Path lake = Locations.folder(file.path()).resolve("lake");
            CatalogDefinition local = new CatalogDefinition(
                    CatalogDefinition.Type.JDBC,
                    null,
                    lake.resolve("warehouse").toString(),
                    lake.resolve("state").toString(),
                    null,
                    Map.of());
            return new Project(Map.of(DEFAULT_CATALOG, local), emr);
        }
        Map<String, CatalogDefinition> resolved = new LinkedHashMap<>();
        catalogs.forEach((name, catalog) -> {
            String uri = Locations.absolute(catalog.uri(), file, document, "catalogs", name, "uri");
            boolean named = isNamed(catalog);
            String warehouse = named
                    ? catalog.warehouse()
                    : Locations.absolute(catalog.warehouse(), file, document, "catalogs", name, "warehouse");
            String state = Locations.absolute(catalog.state(), file, document, "catalogs", name, "state");
            CatalogDefinition.Type type = catalog.type() == null ? CatalogDefinition.Type.JDBC : catalog.type();
            resolved.put(
                    name,
                    new CatalogDefinition(
                            type,
                            uri,
                            warehouse,
                            state == null && !named ? Locations.sibling(warehouse, "state") : state,
                            catalog.kmsKey(),
                            catalog.properties() == null ? Map.of() : catalog.properties()));
        });
        return new Project(resolved, emr);
    }

    void check(Place scope) {
        if (emr != null) {
            emr.check(scope.at("emr"));
        }
        if (catalogs == null) {
            return;
        }
        if (catalogs.isEmpty() && scope.at("catalogs").sound()) {
            scope.at("catalogs").problem("no catalog is defined; name one, or leave \"catalogs\" out");
        }
        catalogs.forEach((name, catalog) -> {
            Place at = scope.at("catalogs").at(name);
            if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
                at.problem("catalog \"" + name + "\" is not a name; use letters, digits and _");
            }
            if (Set.of("spark_catalog", "global_temp", "system").contains(name)) {
                at.problem("catalog \"" + name + "\" is a name of Spark's own; choose another");
            }
            if (catalog.type() == CatalogDefinition.Type.REST && catalog.uri() == null && at.sound()) {
                at.problem("a rest catalog needs the \"uri\" of its server");
            }
            if (catalog.type() != CatalogDefinition.Type.REST && catalog.warehouse() == null && at.sound()) {
                at.problem("missing key \"warehouse\": the folder or object store prefix of the tables");
            }
            String beside = isNamed(catalog) ? null : Locations.sibling(catalog.warehouse(), "state");
            if (catalog.state() == null && beside == null && at.sound()) {
                at.problem("missing key \"state\": Firn keeps its ledgers beside the warehouse, and "
                        + (catalog.warehouse() == null
                                ? "there is no warehouse"
                                : isNamed(catalog)
                                        ? "\"" + catalog.warehouse() + "\" is the server's name of one"
                                        : "a whole bucket has nothing beside it"));
            }
            if (catalog.kmsKey() != null && !catalog.onS3() && at.sound()) {
                at.at("kms-key")
                        .problem(
                                "kms-key would encrypt no table: neither the warehouse nor, where a REST server chooses"
                                        + " that, the state is on S3; write s3://bucket/..., or leave kms-key out");
            }
            if (catalog.state() != null && Locations.inside(catalog.state(), catalog.warehouse())) {
                at.at("state")
                        .problem("state lies inside the warehouse, where orphan removal would delete it;"
                                + " put it beside the warehouse");
            }
        });
    }

    /** Whether the warehouse is no place but a name that the REST server knows. */
    private static boolean isNamed(CatalogDefinition catalog) {
        return catalog.type() == CatalogDefinition.Type.REST
                && catalog.warehouse() != null
                && CatalogDefinition.isName(catalog.warehouse());
    }
}
