package io.firn;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

import org.apache.hadoop.conf.Configuration;

import io.firn.Diagnosis.Status;
import io.firn.config.ConfigException;
import io.firn.config.Overrides;
import io.firn.source.Debezium;
import io.firn.source.JsonDump;
import io.firn.source.TopicRange;
import io.firn.source.TopicSource;
import io.firn.source.Topics;
import io.firn.table.CatalogProbe;
import io.firn.table.CatalogProbe.Tried;
import io.firn.table.SourceFile;
import io.firn.table.TableName;

/** Tries all that a project's pipelines need, each by itself, and says of what fails how it is mended. */
public final class Doctor {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration SKEW = Duration.ofMinutes(1);

    private final List<Diagnosis> found = new ArrayList<>();
    private Configuration hadoop = Session.hadoop();

    private Doctor() {}

    /**
     * Looks at pipelines, and at the catalogs of their project.
     *
     * @param folder of the project
     * @param files of pipelines; none: all in the folder
     */
    public static List<Diagnosis> examine(Path folder, List<Path> files, Overrides overrides) {
        Doctor doctor = new Doctor();
        List<LoadedPipeline> pipelines = new ArrayList<>();
        for (Path file : files.isEmpty() ? ProjectFiles.pipelines(folder) : files) {
            try {
                pipelines.add(Pipeline.load(file, overrides));
                doctor.ok("pipeline " + file, "is valid");
            } catch (ConfigException e) {
                doctor.failed(
                        "pipeline " + file, e.getMessage(), "mend the YAML; firn validate " + file + " checks it");
            }
        }
        doctor.catalogs(folder, pipelines, overrides);
        pipelines.forEach(doctor::source);
        return List.copyOf(doctor.found);
    }

    private void catalogs(Path folder, List<LoadedPipeline> pipelines, Overrides overrides) {
        Project project;
        try {
            project = Project.load(folder, overrides);
        } catch (ConfigException e) {
            failed("firn.yaml", e.getMessage(), "mend the YAML; firn validate firn.yaml checks it");
            return;
        }
        try {
            hadoop = Session.hadoop(project);
        } catch (ConfigException e) {
            // A secret is not set; the catalog that needs it says so.
        }
        Map<String, List<TableName>> namespaces = pipelines.stream()
                .map(LoadedPipeline::quarantine)
                .distinct()
                .collect(Collectors.groupingBy(TableName::catalog, LinkedHashMap::new, Collectors.toList()));
        try (Catalogs catalogs = new Catalogs(project, hadoop)) {
            namespaces.values().forEach(tables -> catalog(catalogs, tables));
        }
    }

    private void catalog(Catalogs catalogs, List<TableName> tables) {
        TableName any = tables.get(0);
        String check = "catalog " + any.catalog();
        CatalogProbe.Found probe;
        try {
            probe = inTime(() -> CatalogProbe.of(catalogs.of(any), tables));
        } catch (ConfigException e) {
            failed(check, e.getMessage(), "set what the secret refers to, for this process");
            return;
        } catch (RuntimeException e) {
            failed(
                    check,
                    catalogs.failure(any, e),
                    "look at type, uri, warehouse and properties of the catalog in firn.yaml, and at the network and"
                            + " credentials of this machine");
            return;
        }
        Map<String, List<Tried>> places = probe.tried().stream()
                .collect(Collectors.groupingBy(Tried::place, LinkedHashMap::new, Collectors.toList()));
        places.forEach((place, tried) -> {
            tried.stream()
                    .filter(step -> step.failure() != null)
                    .forEach(step -> failed(
                            check + ", " + place,
                            "cannot " + step.right() + ": " + step.failure(),
                            RightsAdvice.of(step.right(), place)));
            if (tried.stream().allMatch(step -> step.failure() == null)) {
                ok(check + ", " + place, tried.stream().map(Tried::right).collect(Collectors.joining(", ")));
            }
        });
        if (probe.writtenAt() != null) {
            found.add(Diagnosis.clock(probe.writtenAt() - System.currentTimeMillis(), SKEW));
        }
    }

    private void source(LoadedPipeline pipeline) {
        String check = "source of " + pipeline.pipeline().pipeline();
        if (pipeline.pipeline().source() instanceof JsonDump dump) {
            dump(check, dump);
        } else if (pipeline.pipeline().source() instanceof TopicSource topics) {
            topics(check, topics);
            if (topics instanceof Debezium debezium && debezium.messages().registry() != null) {
                registry("registry of " + pipeline.pipeline().pipeline(), debezium);
            }
        }
    }

    private void dump(String check, JsonDump dump) {
        LocalDate day = dump.date() == null ? LocalDate.now(ZoneOffset.UTC).minusDays(1) : dump.date();
        List<SourceFile> files;
        try {
            files = inTime(() -> dump.list(day, hadoop));
        } catch (RuntimeException e) {
            failed(check, "cannot list " + dump.path(day) + ": " + message(e), RightsAdvice.of("list objects", "raw"));
            return;
        }
        if (files.isEmpty()) {
            found.add(new Diagnosis(
                    check,
                    Status.WARNING,
                    "no files for " + day + " at " + dump.path(day),
                    "look at source.path, and whether the day is complete"));
            return;
        }
        org.apache.hadoop.fs.Path first =
                new org.apache.hadoop.fs.Path(files.get(0).path());
        try (InputStream in = first.getFileSystem(hadoop).open(first)) {
            int unused = in.read();
            ok(check, "%d files for %s, the first can be read".formatted(files.size(), day));
        } catch (IOException e) {
            failed(check, "cannot read " + first + ": " + message(e), RightsAdvice.of("get an object", "raw"));
        }
    }

    private void topics(String check, TopicSource source) {
        try (Topics topics = Topics.open(source)) {
            SortedMap<String, TopicRange> ranges = inTime(topics::ranges);
            if (ranges.isEmpty()) {
                failed(
                        check,
                        "the brokers answer, and have no topic that the source names",
                        "look at topic or topic-pattern, whether the connector runs, and whether the principal may"
                                + " DESCRIBE the topics");
                return;
            }
            TopicRange first = ranges.values().iterator().next();
            inTime(() -> topics.newest(first));
            ok(check, ranges.size() + " topics, " + first.topic() + " can be read");
        } catch (RuntimeException e) {
            failed(
                    check,
                    message(e),
                    "look at brokers and settings of the source, security groups to the brokers' ports, and whether the"
                            + " principal may READ the topics");
        }
    }

    private void registry(String check, Debezium source) {
        try {
            inTime(() -> {
                source.messages().open().require();
                return true;
            });
            ok(check, "answers");
        } catch (RuntimeException e) {
            failed(check, message(e), "look at format.registry: its url, user and password, and at the network");
        }
    }

    private static String message(Exception failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        String text = failure.getMessage() == null ? cause.toString() : failure.getMessage();
        return text.lines().findFirst().orElse("");
    }

    private static <T> T inTime(Callable<T> check) {
        ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
            Thread daemon = new Thread(task, "firn-doctor");
            daemon.setDaemon(true);
            return daemon;
        });
        try {
            return thread.submit(check).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("no answer in " + PATIENCE.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            thread.shutdownNow();
        }
    }

    private void ok(String check, String what) {
        found.add(new Diagnosis(check, Status.OK, what, null));
    }

    private void failed(String check, String what, String fix) {
        found.add(new Diagnosis(check, Status.FAILED, what, fix));
    }
}
