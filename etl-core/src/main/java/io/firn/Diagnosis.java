package io.firn;

import java.time.Duration;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * One thing that was looked at.
 *
 * @param check what
 * @param found how it is
 * @param fix how it is mended; null: nothing is wrong
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Diagnosis(String check, Status status, String found, String fix) {
    /** Whether a run can be. */
    public enum Status {
        OK,
        WARNING,
        FAILED
    }

    /** A part of the class path whose major and minor version must be those that Firn was built for. */
    public static Diagnosis version(String part, String version, String builtFor) {
        boolean same = version != null && (version + ".").startsWith(minor(builtFor) + ".");
        return new Diagnosis(
                part,
                same ? Status.OK : Status.FAILED,
                (version == null ? "not found" : version) + ", Firn was built for " + builtFor,
                same
                        ? null
                        : "run on emr-spark-8.1.0 or later of that line, or by the launcher, which bring " + part + " "
                                + minor(builtFor));
    }

    /** Java, whose later versions run what an earlier one was meant for. */
    public static Diagnosis java(int feature, int builtFor) {
        boolean old = feature < builtFor;
        return new Diagnosis(
                "Java",
                old ? Status.FAILED : Status.OK,
                feature + ", Firn was built for " + builtFor,
                old ? "install a JDK " + builtFor + " or set JAVA_HOME; on EMR spark.executorEnv.JAVA_HOME too" : null);
    }

    /** @param aheadMillis how far the store's clock is ahead of this machine's */
    static Diagnosis clock(long aheadMillis, Duration most) {
        boolean skewed = Math.abs(aheadMillis) > most.toMillis();
        String how = "%.1f s %s the store's"
                .formatted(Math.abs(aheadMillis) / 1000.0, aheadMillis > 0 ? "behind" : "ahead of");
        return new Diagnosis(
                "clock",
                skewed ? Status.FAILED : Status.OK,
                how,
                skewed
                        ? "let chrony or the Amazon Time Sync Service set this machine's clock: requests to AWS are signed"
                                + " with it, and ages of files are told by it"
                        : null);
    }

    private static String minor(String version) {
        return version.replaceFirst("^(\\d+\\.\\d+)\\..*", "$1");
    }
}
