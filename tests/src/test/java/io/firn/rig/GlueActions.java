package io.firn.rig;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;

/** The rights that requests to Glue need, by the names of IAM: each is checked on catalog, database and table. */
final class GlueActions {
    private static final String ACCOUNT = "arn:aws:glue:eu-west-1:123456789012:";

    private GlueActions() {}

    static List<String> of(String operation, JsonNode asked) {
        List<String> actions = new ArrayList<>(List.of("glue:" + operation + " " + ACCOUNT + "catalog"));
        String database = operation.endsWith("Database")
                ? asked.path("Name")
                        .asText(asked.path("DatabaseInput").path("Name").asText())
                : asked.path("DatabaseName").asText();
        if (!database.isEmpty()) {
            actions.add("glue:" + operation + " " + ACCOUNT + "database/" + database);
        }
        String table = operation.endsWith("Table")
                ? asked.path("Name")
                        .asText(asked.path("TableInput").path("Name").asText())
                : operation.equals("GetTables") ? "*" : "";
        if (!table.isEmpty()) {
            actions.add("glue:" + operation + " " + ACCOUNT + "table/" + database + "/" + table);
        }
        return actions;
    }
}
