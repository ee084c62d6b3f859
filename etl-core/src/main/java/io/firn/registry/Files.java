package io.firn.registry;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.deploy.SparkHadoopUtil;

import io.firn.config.Scope;

/**
 * A folder that stands for a registry: a file for each schema, named by its id, {@code 17.avsc} for Avro and {@code
 * 17.json} for JSON Schema. Where topics are looked up by name, the latest version of their schemas is in {@code
 * <topic>-value.avsc} and {@code <topic>-key.avsc}, or {@code .json}.
 *
 * @param path the folder, local or in an object store
 */
public record Files(String path) implements Registry {
    private static final String AVRO = ".avsc";
    private static final String JSON = ".json";

    @Override
    public void check(Scope scope) {}

    @Override
    public Files located(UnaryOperator<String> absolute) {
        return new Files(absolute.apply(path));
    }

    @Override
    public Schemas open() {
        Map<String, RegisteredSchema> schemas = new HashMap<>();
        try {
            Path folder = new Path(path);
            FileSystem files = folder.getFileSystem(SparkHadoopUtil.get().conf());
            for (FileStatus file : files.listStatus(folder)) {
                String name = file.getPath().getName();
                if (name.endsWith(AVRO)) {
                    schemas.put(id(name, AVRO), schema(RegisteredSchema.AVRO, files, file));
                } else if (name.endsWith(JSON)) {
                    schemas.put(id(name, JSON), schema(RegisteredSchema.JSON, files, file));
                }
            }
        } catch (IOException e) {
            throw new RegistryUnavailable(path, e.getMessage(), e);
        }
        return new Held(schemas);
    }

    private static String id(String name, String suffix) {
        return name.substring(0, name.length() - suffix.length());
    }

    private static RegisteredSchema schema(String kind, FileSystem files, FileStatus file) throws IOException {
        try (InputStream in = files.open(file.getPath())) {
            return new RegisteredSchema(kind, new String(in.readAllBytes(), StandardCharsets.UTF_8), List.of());
        }
    }

    /** All schemas, read when the folder was opened: tasks elsewhere may not see it. */
    private record Held(Map<String, RegisteredSchema> schemas) implements Schemas {
        @Override
        public RegisteredSchema schema(String id) {
            return schemas.get(id);
        }

        @Override
        public Optional<LatestSchema> latest(String subject) {
            return Optional.ofNullable(schemas.get(subject)).map(schema -> new LatestSchema(subject, null, schema));
        }

        @Override
        public void require() {}
    }
}
