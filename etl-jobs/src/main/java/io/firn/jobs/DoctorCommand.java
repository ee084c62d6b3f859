package io.firn.jobs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;

import org.apache.spark.package$;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import scala.util.Properties$;

import io.firn.Diagnosis;
import io.firn.Diagnosis.Status;
import io.firn.Doctor;
import io.firn.ExitCode;
import io.firn.table.LakeCatalog;

@Command(
        name = "doctor",
        description = {
            "Try all that runs need: versions, YAML, each right on catalogs, warehouses and state, clock, dumps, brokers,",
            "registries; and say how what fails is mended. What it writes it removes."
        })
final class DoctorCommand implements Callable<Integer> {
    @ParentCommand
    private Firn firn;

    @Parameters(arity = "0..*", paramLabel = "PIPELINE", description = "Pipelines' YAML files (default: all).")
    private List<Path> files = new ArrayList<>();

    @Override
    public Integer call() {
        Path folder = firn.shared().folder();
        List<Diagnosis> found = new ArrayList<>(versions(Version.built()));
        found.addAll(Doctor.examine(
                folder,
                files.stream().map(folder::resolve).toList(),
                firn.shared().overrides()));
        firn.shared().console().result(found, text(found));
        boolean failed = found.stream().anyMatch(one -> one.status() == Status.FAILED);
        return failed ? ExitCode.FAILED.code() : ExitCode.OK.code();
    }

    private static List<Diagnosis> versions(Properties built) {
        return List.of(
                Diagnosis.java(Runtime.version().feature(), Integer.parseInt(built.getProperty("java"))),
                Diagnosis.version("Spark", package$.MODULE$.SPARK_VERSION(), built.getProperty("spark")),
                Diagnosis.version("Scala", Properties$.MODULE$.versionNumberString(), built.getProperty("scala")),
                Diagnosis.version("Iceberg", LakeCatalog.icebergVersion(), built.getProperty("iceberg")));
    }

    private static String text(List<Diagnosis> found) {
        StringBuilder text = new StringBuilder();
        for (Diagnosis one : found) {
            text.append("%-7s  %s: %s%n"
                    .formatted(word(one.status()), one.check(), one.found().replace("\n", "\n         ")));
            if (one.fix() != null) {
                text.append("%-7s  fix: %s%n".formatted("", one.fix()));
            }
        }
        long failed =
                found.stream().filter(one -> one.status() == Status.FAILED).count();
        return text.append(failed == 0 ? "All that runs need is there." : failed + " things to mend.")
                .toString();
    }

    private static String word(Status status) {
        return switch (status) {
            case OK -> "ok";
            case WARNING -> "warning";
            case FAILED -> "FAILED";
        };
    }
}
