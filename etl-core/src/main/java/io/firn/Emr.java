package io.firn;

import java.io.Serializable;

import io.firn.config.Place;

/**
 * Where jobs run on Amazon EMR and what they need there, for {@code firn submit} and the DAGs.
 *
 * @param release label of EMR, emr-spark-8.1.0; null: that one
 * @param jar of Firn, s3://bucket/firn/firn.jar
 * @param project the folder on S3 to which the project's YAML files are copied
 * @param logs the folder on S3 for logs of jobs
 * @param results the folder on S3 for the results of jobs
 * @param ec2 for clusters that live as long as a job; null: not used
 * @param serverless for EMR Serverless; null: not used
 * @param eks for EMR on EKS; null: not used
 */
public record Emr(
        String release,
        String jar,
        String project,
        String logs,
        String results,
        EmrEc2 ec2,
        EmrServerless serverless,
        EmrEks eks)
        implements Serializable {

    void check(Place at) {
        folder(at.at("project"), project);
        folder(at.at("logs"), logs);
        folder(at.at("results"), results);
        if (jar != null && at.at("jar").sound() && !jar.matches("s3a?://.+/.+\\.jar")) {
            at.at("jar").problem("\"" + jar + "\" is no jar on S3; write it as s3://bucket/firn/firn.jar");
        }
    }

    private static void folder(Place at, String folder) {
        if (folder != null && at.sound() && !folder.matches("s3a?://.+/")) {
            at.problem("\"" + folder + "\" is no folder on S3; write it as s3://bucket/folder/, with / at its end");
        }
    }
}
