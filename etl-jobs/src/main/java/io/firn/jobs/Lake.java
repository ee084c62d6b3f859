package io.firn.jobs;

import org.apache.spark.sql.SparkSession;

import io.firn.Catalogs;
import io.firn.ExitCode;
import io.firn.FirnException;
import io.firn.Project;
import io.firn.Session;
import io.firn.table.LakeTable;
import io.firn.table.TableName;

/** A Spark session and the catalogs of a project, for as long as a command runs. */
record Lake(SparkSession spark, Catalogs catalogs) implements AutoCloseable {

    static Lake open(String command, Project project) {
        SparkSession spark = Session.open("firn " + command, project);
        return new Lake(spark, new Catalogs(project, spark.sparkContext().hadoopConfiguration()));
    }

    LakeTable table(TableName name) {
        return table(catalogs, name);
    }

    /** Throws FirnException when there is no such table. */
    static LakeTable table(Catalogs catalogs, TableName name) {
        return catalogs.find(name)
                .orElseThrow(() -> new FirnException(
                        ExitCode.USAGE, "there is no table " + name + "; firn sql \"SHOW TABLES IN ...\" lists them"));
    }

    @Override
    public void close() {
        catalogs.close();
        spark.stop();
    }
}
