package io.firn.table;

import java.io.Serializable;
import java.util.Map;

/**
 * Where tables are registered.
 *
 * @param type the catalog's kind; null: jdbc
 * @param uri of a REST catalog, or the JDBC URL; null: for jdbc one SQLite file beside the warehouse
 * @param warehouse where tables lie unless they say otherwise, a directory or an object store prefix; null: a REST
 *     server's choice
 * @param state where Firn keeps its ledgers; null: {@code state} beside the warehouse
 * @param properties any further properties of Iceberg's catalog; null: none
 */
public record CatalogDefinition(Type type, String uri, String warehouse, String state, Map<String, String> properties)
        implements Serializable {

    /** Iceberg's catalogs that commit by compare-and-swap. */
    public enum Type {
        JDBC,
        GLUE,
        REST
    }
}
