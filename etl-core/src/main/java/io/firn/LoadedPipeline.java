package io.firn;

import java.nio.file.Path;
import java.util.List;

import io.firn.config.Document;
import io.firn.table.CatalogDefinition;
import io.firn.table.ChangeOrigin;
import io.firn.table.TableName;

/**
 * A pipeline that passed every check, with its project.
 *
 * @param file the pipeline's file
 * @param sha256 of that file
 * @param pipeline as written, its paths made absolute
 * @param project the catalogs
 * @param tables that the project defines under ddl/
 * @param events in the order of the file, with defaults filled in
 * @param document where the pipeline's values come from
 * @param projectDocument where the project's values come from
 */
public record LoadedPipeline(
        Path file,
        String sha256,
        Pipeline pipeline,
        Project project,
        DeclaredTables tables,
        List<ResolvedEvent> events,
        Document<Pipeline> document,
        Document<Project> projectDocument) {

    /** The table that holds the lines that this pipeline refuses. */
    public TableName quarantine() {
        return TableName.parse(pipeline.catalog() + "." + Resolution.namespace(pipeline) + "." + QuarantineTable.NAME);
    }

    /** A run of the pipeline as what changes a table that is Firn's own, for the table's history. */
    ChangeOrigin origin(String run) {
        return new ChangeOrigin(run, pipeline.pipeline(), null);
    }

    /** A run of the pipeline as what changes an event's table, with what tells the table's columns. */
    ChangeOrigin origin(String run, ResolvedEvent event) {
        if (event.target().declared()) {
            return origin(run).from(DeclaredTables.text(event.target().table()));
        }
        return origin(run).from(file.getFileName().toString());
    }

    /** The same for a topic, whose columns a schema may tell. */
    ChangeOrigin origin(String run, TopicEvent topic) {
        ChangeOrigin origin = origin(run, topic.event());
        boolean declared = topic.event().target().declared();
        return declared || topic.schema() == null
                ? origin
                : origin.from(topic.schema().replaceFirst("^schema ", "registry id "));
    }

    /** The catalog that names the pipeline's tables unless an event says otherwise. */
    public CatalogDefinition catalog() {
        return project.catalogs().get(pipeline.catalog());
    }
}
