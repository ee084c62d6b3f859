package io.firn;

import java.util.Map;

/** Which right of AWS or of a disk a failed step of {@link Doctor} lacks. */
final class RightsAdvice {
    private static final Map<String, String> RIGHTS = Map.of(
            "put an object", "s3:PutObject, with kms:GenerateDataKey on the key",
            "get an object", "s3:GetObject, with kms:Decrypt on the key",
            "list objects", "s3:ListBucket on the bucket, with the folder as prefix",
            "delete an object", "s3:DeleteObject",
            "create a table", "glue:CreateTable and glue:CreateDatabase on catalog, database and table",
            "read a table", "glue:GetTable on catalog, database and table",
            "update a table", "glue:UpdateTable on catalog, database and table",
            "drop a namespace", "glue:DeleteDatabase on catalog and database, or make the database beforehand",
            "drop a table", "glue:DeleteTable on catalog, database and table");

    private RightsAdvice() {}

    static String of(String right, String place) {
        String where = place.startsWith("namespace ") ? "" : " there";
        return "give this process's role " + RIGHTS.get(right) + where
                + " (emr/ has roles that do); on a disk or in a database the right to write";
    }
}
