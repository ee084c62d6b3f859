package io.firn.table;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What a catalog's tables and state on S3 need beyond what Iceberg and Hadoop do by themselves. */
final class S3Settings {
    /**
     * A bucket that is asked too much says 503 for minutes while it splits its prefixes; Iceberg gives up after five
     * tries. A retried request never waits longer than 20 s for the next one.
     */
    private static final Map<String, String> TABLES = Map.of(
            "io-impl",
            "org.apache.iceberg.aws.s3.S3FileIO",
            "s3.retry.num-retries",
            "32",
            "s3.retry.min-wait-ms",
            "500",
            "s3.retry.max-wait-ms",
            "20000",
            "table-default.write.object-storage.enabled",
            "true");

    private static final Map<String, String> FILES = Map.of(
            "fs.s3.impl",
            "org.apache.hadoop.fs.s3a.S3AFileSystem",
            "fs.s3a.attempts.maximum",
            "10",
            "fs.s3a.retry.limit",
            "10",
            "fs.s3a.retry.throttle.limit",
            "32");

    /** Iceberg's names of what both clients of a bucket must agree on, and Hadoop's. */
    private static final Map<String, String> SHARED = Map.of(
            "s3.endpoint", "endpoint",
            "s3.path-style-access", "path.style.access",
            "s3.access-key-id", "access.key",
            "s3.secret-access-key", "secret.key",
            "client.region", "endpoint.region");

    private S3Settings() {}

    static boolean isS3(String location) {
        return location != null && location.matches("s3[an]?://.*");
    }

    /** Of Iceberg's catalog, for a warehouse on S3. */
    static Map<String, String> ofCatalog(String kmsKey) {
        Map<String, String> all = new LinkedHashMap<>(TABLES);
        if (kmsKey != null) {
            all.put("s3.sse.type", "kms");
            all.put("s3.sse.key", kmsKey);
        }
        return all;
    }

    /**
     * Of Hadoop's file systems: for all of S3, and for each bucket what else holds only there, so that catalogs do not
     * meet.
     */
    static Map<String, String> ofHadoop(Set<String> locations, String kmsKey, Map<String, String> given) {
        Map<String, String> all = new LinkedHashMap<>(FILES);
        for (String bucket : buckets(locations)) {
            String prefix = "fs.s3a.bucket." + bucket + ".";
            SHARED.forEach((iceberg, hadoop) -> {
                if (given.containsKey(iceberg)) {
                    all.put(prefix + hadoop, given.get(iceberg));
                }
            });
            if (kmsKey != null) {
                all.put(prefix + "encryption.algorithm", "SSE-KMS");
                all.put(prefix + "encryption.key", kmsKey);
            }
        }
        return all;
    }

    private static Set<String> buckets(Set<String> locations) {
        Set<String> buckets = new TreeSet<>();
        locations.forEach(
                location -> buckets.add(location.replaceFirst("s3[an]?://", "").replaceFirst("/.*", "")));
        return buckets;
    }
}
