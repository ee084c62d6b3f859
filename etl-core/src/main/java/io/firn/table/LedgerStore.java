package io.firn.table;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Immutable JSON files under the state location, each written once and known by its sha256. */
final class LedgerStore {
    static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final Path root;
    private final Configuration hadoop;

    LedgerStore(String root, Configuration hadoop) {
        this.root = new Path(root);
        this.hadoop = hadoop;
    }

    Path root() {
        return root;
    }

    Configuration hadoop() {
        return hadoop;
    }

    /** Where a written file lies, and what it holds. */
    record Written(String address, String sha256) {}

    Written write(String pipeline, TableName table, String what, Object content) {
        // Named at random: a file cut short by a crash is never taken for a whole one.
        Path path =
                new Path(new Path(new Path(root, pipeline), table.text()), what + "-" + UUID.randomUUID() + ".json");
        try {
            byte[] bytes = JSON.writeValueAsBytes(content);
            FileSystem files = path.getFileSystem(hadoop);
            // Nobody else has this name. Asked not to overwrite, S3 would refuse a retry whose first answer was lost.
            try (FSDataOutputStream out = files.create(path, true)) {
                out.write(bytes);
            }
            return new Written(path.toString(), sha256(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException("The ledger of " + table + " cannot be written to " + root, e);
        }
    }

    <T> T read(Written file, Class<T> type, TableName table, String pipeline) {
        Path path = new Path(file.address());
        byte[] bytes;
        try (FSDataInputStream in = path.getFileSystem(hadoop).open(path)) {
            bytes = in.readAllBytes();
        } catch (FileNotFoundException | ChecksumException e) {
            throw lost(file, table, pipeline, "cannot be read: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new TableException(
                    "The ledger of pipeline " + pipeline + " for table " + table + " could not be read: "
                            + file.address()
                            + ": " + e.getMessage()
                            + ". That does not say that it is damaged, and nothing was loaded. Run"
                            + " again; if it stays so, see whether the store answers and lets you read that file.",
                    e);
        }
        if (!sha256(bytes).equals(file.sha256())) {
            throw lost(file, table, pipeline, "was changed: its sha256 is not the one in the table", null);
        }
        try {
            return JSON.readValue(bytes, type);
        } catch (IOException e) {
            throw lost(file, table, pipeline, "cannot be understood: " + e.getMessage(), e);
        }
    }

    static String json(Object content) {
        try {
            return JSON.writeValueAsString(content);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static String sha256(String text) {
        return sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    private static LedgerLost lost(Written file, TableName table, String pipeline, String why, Exception cause) {
        return new LedgerLost(
                "The ledger of pipeline " + pipeline + " for table " + table + " is damaged: " + file.address() + " "
                        + why + ". Nothing was loaded. Restore that file, or rebuild the ledger from the table's "
                        + LoadColumns.FILE + " column (firn verify " + table
                        + " --rebuild-ledger PIPELINE.yaml).",
                cause);
    }
}
