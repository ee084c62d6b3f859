package io.firn.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import io.firn.rig.Cloud;

/** The firn.yaml of a lake on the stand-ins, in a bucket of its own, and raw files there. */
final class CloudLake {
    /** The catalogs that commit on S3. */
    enum Catalog {
        GLUE,
        REST
    }

    static final String KEY = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555";

    private final Cloud cloud;
    private final Catalog catalog;
    private final String bucket;
    private final String rest;

    CloudLake(Cloud cloud, Catalog catalog, String bucket) {
        this.cloud = cloud;
        this.catalog = catalog;
        this.bucket = cloud.storage().bucket(bucket);
        rest = catalog == Catalog.REST ? cloud.startRest("s3://" + bucket + "/warehouse") : null;
    }

    /** What a user writes, with what makes it meet the stand-ins. */
    String project() {
        StringBuilder yaml = new StringBuilder("catalogs:\n  lake:\n    type: ");
        yaml.append(catalog == Catalog.GLUE ? "glue" : "rest\n    uri: " + rest);
        yaml.append("\n    warehouse: s3://" + bucket + "/warehouse\n    kms-key: " + KEY + "\n    properties:\n");
        Map<String, String> properties = cloud.properties();
        // Hadoop's own tries, which can be told to wait less than the SDK's.
        properties.put("hadoop.fs.s3a.bucket." + bucket + ".attempts.maximum", "1");
        properties.put("hadoop.fs.s3a.bucket." + bucket + ".retry.interval", "10ms");
        properties.put("hadoop.fs.s3a.bucket." + bucket + ".retry.throttle.interval", "10ms");
        properties.forEach((key, value) -> yaml.append("      " + key + ": \"" + value + "\"\n"));
        return yaml.toString();
    }

    /** Where raw files lie. */
    String raw() {
        return "s3://" + bucket + "/raw/";
    }

    /** Puts a raw file there, by whatever means others have. */
    void upload(Path file, String as) {
        try {
            HttpResponse<String> put = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(cloud.storage().endpoint() + "/" + bucket + "/raw/" + as))
                                    .PUT(BodyPublishers.ofByteArray(Files.readAllBytes(file)))
                                    .build(),
                            BodyHandlers.ofString(StandardCharsets.UTF_8));
            if (put.statusCode() != 200) {
                throw new IllegalStateException("S3 refused " + as + ": " + put.body());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
