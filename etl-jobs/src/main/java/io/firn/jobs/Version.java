package io.firn.jobs;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

import picocli.CommandLine.IVersionProvider;

/** The versions that the jar was built for. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
        Properties versions = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("/firn-version.properties")) {
            versions.load(in);
        }
        return new String[] {
            "firn %s for Spark %s (Scala %s), Iceberg %s, Java %s"
                    .formatted(
                            versions.get("firn"),
                            versions.get("spark"),
                            versions.get("scala"),
                            versions.get("iceberg"),
                            versions.get("java"))
        };
    }
}
