package io.firn.rig;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.sun.net.httpserver.Headers;

/** The rights that requests to S3 need, by the names of IAM. */
final class S3Actions {
    private static final Pattern KEY = Pattern.compile("<Key>(.*?)</Key>");
    private static final String ENCRYPTION = "x-amz-server-side-encryption";

    /** Objects that a key encrypts, each with that key. */
    private final Map<String, String> encrypted = new ConcurrentHashMap<>();

    List<String> of(String method, URI uri, Headers headers, byte[] body) {
        String[] path = uri.getPath().substring(1).split("/", 2);
        String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
        String bucket = "arn:aws:s3:::" + path[0];
        if (path.length < 2 || path[1].isEmpty()) {
            return ofBucket(method, query, bucket, body);
        }
        String object = bucket + "/" + path[1];
        List<String> actions = new ArrayList<>();
        switch (method) {
            case "GET" ->
                actions.add((query.contains("uploadId") ? "s3:ListMultipartUploadParts " : "s3:GetObject ") + object);
            case "HEAD" -> actions.add("s3:GetObject " + object);
            case "DELETE" ->
                actions.add((query.contains("uploadId") ? "s3:AbortMultipartUpload " : "s3:DeleteObject ") + object);
            default -> actions.addAll(written(object, headers));
        }
        if (method.equals("GET") && encrypted.containsKey(object)) {
            actions.add("kms:Decrypt " + encrypted.get(object));
        }
        return actions;
    }

    private List<String> written(String object, Headers headers) {
        List<String> actions = new ArrayList<>(List.of("s3:PutObject " + object));
        String copied = headers.getFirst("x-amz-copy-source");
        if (copied != null) {
            String from = URLDecoder.decode(copied, StandardCharsets.UTF_8).replaceFirst("^/", "");
            actions.add("s3:GetObject arn:aws:s3:::" + from);
        }
        if ("aws:kms".equals(headers.getFirst(ENCRYPTION))) {
            encrypted.put(object, headers.getFirst(ENCRYPTION + "-aws-kms-key-id"));
            actions.add("kms:GenerateDataKey " + encrypted.get(object));
        }
        return actions;
    }

    private static List<String> ofBucket(String method, String query, String bucket, byte[] body) {
        if (method.equals("POST") && query.startsWith("delete")) {
            List<String> actions = new ArrayList<>();
            Matcher keys = KEY.matcher(new String(body, StandardCharsets.UTF_8));
            while (keys.find()) {
                actions.add("s3:DeleteObject " + bucket + "/" + keys.group(1));
            }
            return actions;
        }
        if (query.startsWith("uploads") || query.contains("&uploads")) {
            return List.of("s3:ListBucketMultipartUploads " + bucket);
        }
        return List.of((query.startsWith("location") ? "s3:GetBucketLocation " : "s3:ListBucket ") + bucket);
    }
}
