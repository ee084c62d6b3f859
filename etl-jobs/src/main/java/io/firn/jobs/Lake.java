package io.firn.jobs;

import org.apache.spark.sql.SparkSession;

import io.firn.Catalogs;
import io.firn.Project;
import io.firn.Session;

/** A Spark session and the catalogs of a project, for as long as a command runs. */
record Lake(SparkSession spark, Catalogs catalogs) implements AutoCloseable {

    static Lake open(String command, Project project) {
        SparkSession spark = Session.open("firn " + command, project);
        return new Lake(spark, new Catalogs(project, spark.sparkContext().hadoopConfiguration()));
    }

    @Override
    public void close() {
        catalogs.close();
        spark.stop();
    }
}
