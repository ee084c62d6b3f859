package io.firn;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.sql.SparkSession;

import io.firn.config.Secrets;
import io.firn.table.LocalFiles;

/** The Spark session that Firn's jobs need: UTC, ANSI, the project's catalogs; local unless spark-submit says otherwise. */
public final class Session {
    private static final Pattern SECRET = Pattern.compile("(?i)secret|password|token|credential(?!s-provider)");

    private Session() {}

    /** Hadoop's settings where there is no session yet: those that spark-submit was given, and S3 by either name. */
    public static Configuration hadoop() {
        Configuration hadoop = SparkHadoopUtil.get().newConfiguration(new SparkConf());
        LocalFiles.SETTINGS.forEach(hadoop::set);
        hadoop.setIfUnset("fs.s3.impl", "org.apache.hadoop.fs.s3a.S3AFileSystem");
        return hadoop;
    }

    /** The same, with what the project's catalogs need. */
    public static Configuration hadoop(Project project) {
        SparkConf given = new SparkConf();
        Configuration hadoop = hadoop();
        Catalogs.hadoopSettings(project).forEach((key, value) -> {
            if (!given.contains("spark.hadoop." + key)) {
                hadoop.set(key, value);
            }
        });
        return hadoop;
    }

    /**
     * What a session of anybody needs to see the project's catalogs and to read times and errors as Firn does; without
     * Firn's jar, and with *** in the place of secrets.
     */
    public static Map<String, String> settings(Project project) {
        Map<String, String> settings = new TreeMap<>();
        settings.put("spark.sql.session.timeZone", "UTC");
        settings.put("spark.sql.ansi.enabled", "true");
        project.catalogs()
                .forEach((name, definition) -> definition.sparkConf(name).forEach((key, value) -> {
                    if (!value.startsWith("io.firn.")
                            && !LocalFiles.SETTINGS.containsKey(key.replace("spark.hadoop.", ""))) {
                        settings.put(key, SECRET.matcher(key).find() ? "***" : Secrets.masked(value));
                    }
                }));
        return settings;
    }

    /** Opens a session that sees the project's catalogs. */
    public static SparkSession open(String name, Project project) {
        SparkConf conf = new SparkConf();
        conf.setIfMissing("spark.app.name", name);
        if (!conf.contains("spark.master")) {
            conf.setMaster("local[*]");
            conf.setIfMissing("spark.ui.enabled", "false");
            conf.setIfMissing("spark.driver.host", "127.0.0.1");
            conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
            conf.setIfMissing("spark.sql.shuffle.partitions", "4");
            conf.setIfMissing("spark.executor.heartbeatInterval", "1s");
        }
        conf.set("spark.sql.session.timeZone", "UTC");
        conf.set("spark.sql.ansi.enabled", "true");
        // Meant for Spark Connect: each session would compile its plans anew, and executors ask the driver for classes.
        conf.setIfMissing("spark.sql.artifact.isolation.enabled", "false");
        conf.set("spark.sql.extensions", "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions");
        Catalogs.sparkSettings(project).forEach((key, value) -> {
            if (key.startsWith("spark.hadoop.")) {
                conf.setIfMissing(key, value);
            } else {
                conf.set(key, value);
            }
        });
        return SparkSession.builder().config(conf).getOrCreate();
    }
}
