package io.firn.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Firn's command line, from the jar that users run. */
record Firn(Path jar, String main) {

    Cost load(Dump dump, String partition, Path home) throws IOException, InterruptedException {
        String path = dump.directory().toAbsolutePath().getParent() + "/{date}/";
        Path pipeline = home.resolve("bench.yaml");
        Files.writeString(pipeline, new PipelineFile(path, dump.types(), partition).text());
        return Child.firn(jar, home).run(main, List.of("run", pipeline.toString(), "--date", dump.date()));
    }
}
