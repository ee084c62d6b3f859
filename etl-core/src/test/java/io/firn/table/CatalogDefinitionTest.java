package io.firn.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;

import org.junit.jupiter.api.Test;

class CatalogDefinitionTest {
    @Test
    void theDefaultIsOneSqliteFileBesideTheWarehouse() {
        CatalogDefinition local = new CatalogDefinition(null, null, "/data/lake/warehouse/", null, null, null);

        assertThat(local.icebergProperties())
                .containsEntry("type", "jdbc")
                .containsEntry("uri", "jdbc:sqlite:/data/lake/catalog.db")
                .containsEntry("jdbc.schema-version", "V1")
                .containsEntry("jdbc.busy_timeout", "60000");
        assertThat(local.stateLocation()).isEqualTo("/data/lake/state");
        assertThat(local.sparkConf("lake"))
                .containsEntry("spark.sql.catalog.lake", "org.apache.iceberg.spark.SparkCatalog")
                .containsEntry("spark.sql.catalog.lake.type", "jdbc")
                .containsEntry("spark.sql.catalog.lake.cache-enabled", "false")
                .containsEntry("spark.hadoop.fs.file.impl", "io.firn.table.LocalFiles");
        assertThat(new CatalogDefinition(null, null, "file:///data/warehouse", null, null, null).icebergProperties())
                .containsEntry("uri", "jdbc:sqlite:/data/catalog.db");
    }

    @Test
    void glueOnS3KeepsNoOldVersionsAndIsPatient() {
        CatalogDefinition glue = glue(null, Map.of());

        assertThat(glue.icebergProperties())
                .containsEntry("type", "glue")
                .containsEntry("io-impl", "org.apache.iceberg.aws.s3.S3FileIO")
                .containsEntry("glue.skip-archive", "true")
                .containsEntry("s3.retry.num-retries", "32")
                .containsEntry("table-default.write.object-storage.enabled", "true")
                .doesNotContainKeys("uri", "s3.sse.type");
        assertThat(glue.stateLocation()).isEqualTo("s3a://bucket/state");
        assertThat(glue.sparkConf("g"))
                .doesNotContainKey("spark.hadoop.fs.file.impl")
                .containsEntry("spark.hadoop.fs.s3.impl", "org.apache.hadoop.fs.s3a.S3AFileSystem")
                .containsEntry("spark.hadoop.fs.s3a.attempts.maximum", "10");
    }

    @Test
    void whatAUserSaysOfS3IsHeeded() {
        CatalogDefinition glue = glue(
                "arn:aws:kms:eu-west-1:1:key/k",
                Map.of(
                        "glue.skip-archive", "false",
                        "s3.endpoint", "http://localhost:1",
                        "hadoop.fs.s3a.attempts.maximum", "3"));

        assertThat(glue.icebergProperties())
                .containsEntry("glue.skip-archive", "false")
                .containsEntry("s3.sse.type", "kms")
                .containsEntry("s3.sse.key", "arn:aws:kms:eu-west-1:1:key/k")
                .doesNotContainKey("hadoop.fs.s3a.attempts.maximum");
        assertThat(glue.hadoopSettings())
                .containsEntry("fs.s3a.bucket.bucket.encryption.algorithm", "SSE-KMS")
                .containsEntry("fs.s3a.bucket.bucket.encryption.key", "arn:aws:kms:eu-west-1:1:key/k")
                .containsEntry("fs.s3a.bucket.bucket.endpoint", "http://localhost:1")
                .containsEntry("fs.s3a.attempts.maximum", "3");
    }

    private static CatalogDefinition glue(String kmsKey, Map<String, String> properties) {
        return new CatalogDefinition(
                CatalogDefinition.Type.GLUE, null, "s3://bucket/warehouse", "s3://bucket/state", kmsKey, properties);
    }

    @Test
    void whatCannotBeGuessedIsAskedFor() {
        assertThatThrownBy(
                        () -> new CatalogDefinition(null, null, "s3://bucket/w", null, null, null).icebergProperties())
                .hasMessageContaining("The catalog has no uri")
                .hasMessageContaining("Set uri: jdbc:");
        assertThatThrownBy(
                        () -> new CatalogDefinition(CatalogDefinition.Type.GLUE, null, "s3://bucket", null, null, null)
                                .stateLocation())
                .hasMessageContaining("Nothing can lie beside the warehouse s3://bucket. Set the catalog's state:");
    }

    @Test
    void secretsAreResolvedWhereTheyStand() {
        CatalogDefinition rest = new CatalogDefinition(
                CatalogDefinition.Type.REST, "https://${host}", "w", "/state", null, Map.of("token", "${token}"));

        CatalogDefinition resolved =
                rest.resolved(text -> text.replace("${host}", "h").replace("${token}", "t"));

        assertThat(resolved.icebergProperties())
                .containsEntry("uri", "https://h")
                .containsEntry("token", "t");
        assertThat(rest.properties()).containsEntry("token", "${token}");
    }
}
