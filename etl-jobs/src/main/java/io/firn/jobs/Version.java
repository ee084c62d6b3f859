package io.firn.jobs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

import picocli.CommandLine.IVersionProvider;

/** The versions that the jar was built for. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        Properties built = built();
        return new String[] {
            "firn %s for Spark %s (Scala %s), Iceberg %s, Java %s"
                    .formatted(
                            built.get("firn"),
                            built.get("spark"),
                            built.get("scala"),
                            built.get("iceberg"),
                            built.get("java"))
        };
    }

    static Properties built() {
        Properties versions = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("/firn-version.properties")) {
            versions.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return versions;
    }
}
