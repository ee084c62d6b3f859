package io.firn.table;

import java.io.Serializable;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * Where tables are registered. Paths are absolute.
 *
 * @param type the catalog's kind; null: jdbc
 * @param uri of a REST catalog, or the JDBC URL; null: for jdbc one SQLite file beside the warehouse
 * @param warehouse where tables lie unless they say otherwise, a directory or an object store prefix, or a name that a
 *     REST server knows; null: the server's choice
 * @param state where Firn keeps its ledgers; null: {@code state} beside the warehouse
 * @param kmsKey ARN of the KMS key that encrypts what is written to S3, tables and state; null: the buckets' own
 *     encryption
 * @param properties any further properties of Iceberg's catalog, before Firn's own choices; those that start with
 *     {@code hadoop.} are settings of Hadoop's file systems; null: none
 */
public record CatalogDefinition(
        Type type, String uri, String warehouse, String state, String kmsKey, Map<String, String> properties)
        implements Serializable {
    private static final String HADOOP = "hadoop.";

    /** Iceberg's catalogs that commit by compare-and-swap. */
    public enum Type {
        JDBC,
        GLUE,
        REST
    }

    /** The same catalog with every reference to a secret replaced by what {@code secrets} makes of it. */
    public CatalogDefinition resolved(UnaryOperator<String> secrets) {
        Map<String, String> plain = new LinkedHashMap<>();
        given().forEach((key, value) -> plain.put(key, secrets.apply(value)));
        return new CatalogDefinition(type, uri == null ? null : secrets.apply(uri), warehouse, state, kmsKey, plain);
    }

    /** What Iceberg's catalog is opened with; throws {@link TableException} when something needed is missing. */
    public Map<String, String> icebergProperties() {
        Map<String, String> all = new HashMap<>();
        all.put("type", kind().name().toLowerCase(Locale.ROOT));
        if (warehouse != null) {
            all.put("warehouse", warehouse);
        }
        if (kind() == Type.JDBC) {
            all.put("uri", jdbcUrl());
            all.put("jdbc.schema-version", "V1");
        } else if (uri != null) {
            all.put("uri", uri);
        }
        if (jdbcUrl().startsWith(SqliteFile.PREFIX)) {
            all.putAll(SqliteFile.PROPERTIES);
        }
        if (kind() == Type.GLUE) {
            // Each commit is a version of the table in Glue, which keeps no more than 100,000 and then takes no commit.
            all.put("glue.skip-archive", "true");
        }
        if (kind() == Type.REST) {
            all.put("rest.client.max-retries", "10");
        }
        if (onS3()) {
            all.putAll(S3Settings.ofCatalog(kmsKey));
        }
        given().forEach((key, value) -> {
            if (!key.startsWith(HADOOP)) {
                all.put(key, value);
            }
        });
        return all;
    }

    /** The Spark settings under which Spark SQL sees this catalog by {@code name}. */
    public Map<String, String> sparkConf(String name) {
        Map<String, String> conf = new LinkedHashMap<>();
        String prefix = "spark.sql.catalog." + name;
        conf.put(prefix, "org.apache.iceberg.spark.SparkCatalog");
        icebergProperties().forEach((key, value) -> conf.put(prefix + "." + key, value));
        // Commits of another process must be seen: a cached table would be read or written as it was.
        conf.put(prefix + ".cache-enabled", "false");
        conf.put("spark.sql.extensions", "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions");
        hadoopSettings().forEach((key, value) -> conf.put("spark.hadoop." + key, value));
        return conf;
    }

    /** What Hadoop's file systems need for the warehouse and the state. */
    public Map<String, String> hadoopSettings() {
        Map<String, String> all = new LinkedHashMap<>();
        if (onLocalDisk()) {
            all.putAll(LocalFiles.SETTINGS);
        }
        Set<String> onS3 = new TreeSet<>();
        for (String location : new String[] {warehouse, state}) {
            if (S3Settings.isS3(location)) {
                onS3.add(location);
            }
        }
        if (!onS3.isEmpty()) {
            all.putAll(S3Settings.ofHadoop(onS3, kmsKey, given()));
        }
        given().forEach((key, value) -> {
            if (key.startsWith(HADOOP)) {
                all.put(key.substring(HADOOP.length()), value);
            }
        });
        return all;
    }

    /** Where ledgers lie, for Hadoop's file systems. */
    public String stateLocation() {
        String location = state == null ? besideWarehouse("state") : state;
        return location.startsWith("s3://") ? "s3a://" + location.substring(5) : location;
    }

    /** Whether tables lie on S3: a REST server that chooses their place is taken to choose it where the state is. */
    public boolean onS3() {
        boolean chosen = kind() == Type.REST && (warehouse == null || isName(warehouse));
        return S3Settings.isS3(chosen ? state : warehouse);
    }

    /** Whether a warehouse is a word, which a REST server knows, and no place. */
    public static boolean isName(String warehouse) {
        return warehouse.matches("[^/:]+");
    }

    boolean onLocalDisk() {
        return warehouse != null && (warehouse.startsWith("/") || warehouse.startsWith("file:"));
    }

    String jdbcUrl() {
        if (kind() != Type.JDBC) {
            return "";
        }
        if (uri != null) {
            return uri;
        }
        if (!onLocalDisk()) {
            throw new TableException("The catalog has no uri: its warehouse " + warehouse + " is not on the local disk,"
                    + " so its SQLite file has no place. Set uri: jdbc:..., or use type: glue or rest.");
        }
        return SqliteFile.PREFIX + besideWarehouse("catalog.db").replaceFirst("^file:/+", "/");
    }

    private Type kind() {
        return type == null ? Type.JDBC : type;
    }

    private Map<String, String> given() {
        return properties == null ? Map.of() : properties;
    }

    private String besideWarehouse(String name) {
        String path = warehouse == null ? "" : warehouse.replaceFirst("/+$", "");
        int cut = path.lastIndexOf('/');
        boolean isBucket = cut > 0 && path.charAt(cut - 1) == '/';
        if (cut < 0 || isBucket) {
            throw new TableException("Nothing can lie beside the warehouse " + warehouse + ". Set the catalog's state:"
                    + " to a place outside the warehouse and outside every table.");
        }
        return path.substring(0, cut) + "/" + name;
    }
}
