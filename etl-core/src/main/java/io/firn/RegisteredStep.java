package io.firn;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import io.firn.Evolution.Rows;
import io.firn.RegistryPreview.TopicSchema;
import io.firn.change.ChangeFormat;
import io.firn.change.MessageColumns;
import io.firn.change.RegisteredColumns;
import io.firn.change.StrangeSchema;
import io.firn.config.ConfigException;
import io.firn.registry.LatestSchema;
import io.firn.registry.RegisteredSchema;
import io.firn.registry.Schemas;
import io.firn.schema.Column;
import io.firn.schema.TypeChange;
import io.firn.source.TopicRange;
import io.firn.source.Topics;
import io.firn.table.LakeCatalog;
import io.firn.table.LoadColumns;
import io.firn.table.SchemaPlan;
import io.firn.table.TableChange;
import io.firn.table.TableException;

/** The step from where a topic's table stands to the latest registered schema, as a run that meets it would go. */
final class RegisteredStep {
    private final ChangeFormat format;
    private final Schemas schemas;
    private final TopicEvents events;
    private final Catalogs catalogs;
    private final List<String> notes = new ArrayList<>();
    private final List<String> stops = new ArrayList<>();
    private final Set<String> unwanted = new HashSet<>();

    RegisteredStep(ChangeFormat format, Schemas schemas, TopicEvents events, Catalogs catalogs) {
        this.format = format;
        this.schemas = schemas;
        this.events = events;
        this.catalogs = catalogs;
    }

    /** Empty where the topic is no table's. */
    Optional<TopicSchema> of(TopicRange range, Topics brokers) {
        String topic = range.topic();
        Optional<LatestSchema> latest = schemas.latest(topic + "-value");
        if (latest.isEmpty()) {
            return Optional.of(TopicSchema.problem(
                    topic,
                    null,
                    "the registry has no subject " + topic + "-value; connectors that name subjects otherwise are not"
                            + " looked up"));
        }
        String name = latest.get().text();
        RegisteredSchema key =
                schemas.latest(topic + "-key").map(LatestSchema::schema).orElse(null);
        try {
            RegisteredColumns registered =
                    RegisteredColumns.of(format, latest.get().schema(), key);
            if (registered.isOther(topic)) {
                return Optional.empty();
            }
            if (range.partitions().values().stream().allMatch(bounds -> bounds.end() == 0)) {
                return Optional.of(told(topic, name, events.of(topic, registered.columns())));
            }
            return events.of(range, brokers).map(now -> told(topic, name, after(now, name, registered)));
        } catch (IllegalArgumentException | FirnException | ConfigException | TableException e) {
            return Optional.of(TopicSchema.problem(topic, name, e.getMessage()));
        }
    }

    /** The event once the schema is met; as it is where that stops it. */
    private ResolvedEvent after(TopicEvent now, String name, RegisteredColumns registered) {
        Evolution evolution = now.evolution();
        Rows rows = now.rows();
        Optional<StrangeSchema> strange = registered.strange(name, format, rows.columns(), evolution.watch(rows));
        if (strange.isEmpty()) {
            return now.event();
        }
        StrangeSchema met = strange.get();
        try {
            Rows next = evolution.after(met.columns() == null ? rows : withoutStops(rows, met, evolution), met);
            next.notes().stream().filter(note -> !unwanted.contains(note)).forEach(notes::add);
            return events.with(now, next, name).event();
        } catch (FirnException e) {
            stops.add(e.getMessage());
            return now.event();
        }
    }

    /** A run stops at the first column whose type changed; here all are told, and what else would change. */
    private Rows withoutStops(Rows rows, StrangeSchema met, Evolution evolution) {
        Set<Column> stopping = new HashSet<>();
        for (Column field : met.columns().columns()) {
            List<Column> takers = rows.columns().stream()
                    .filter(column -> column.location().keys().get(0).equals(field.name()))
                    .toList();
            if (!takers.isEmpty()) {
                try {
                    Rows unused = evolution.after(rows, only(field, met));
                } catch (FirnException e) {
                    stops.add(e.getMessage());
                    stopping.addAll(takers);
                }
            }
        }
        List<Column> columns = rows.columns().stream()
                .map(column -> stopping.contains(column) ? column.onTypeChange(TypeChange.QUARANTINE) : column)
                .toList();
        for (Column column : stopping) {
            met.columns().columns().stream()
                    .filter(field -> column.location().keys().get(0).equals(field.name()))
                    .forEach(field -> unwanted.add(evolution.texts().quarantined(column, field, met)));
        }
        return new Rows(columns, rows.gone(), rows.alternates(), rows.ignored(), rows.defaults(), List.of());
    }

    private static StrangeSchema only(Column field, StrangeSchema met) {
        return new StrangeSchema(
                met.name(),
                new MessageColumns(List.of(field), List.of(), met.columns().defaults(), met.name()),
                met.whole(),
                met.some(),
                null,
                met.partition(),
                met.offset(),
                met.time());
    }

    private TopicSchema told(String topic, String name, ResolvedEvent event) {
        Optional<LakeCatalog> catalog = catalogs.existing(event.target().table());
        List<Column> own = ChangeTable.ownColumns(event);
        SchemaPlan plan = catalog.map(held -> held.plan(event.target(), own, LoadColumns.CHANGE))
                .orElseGet(() -> LakeCatalog.creation(event.target(), own, LoadColumns.CHANGE));
        stops.addAll(plan.conflicts());
        return new TopicSchema(
                topic,
                event.target().table().text(),
                name,
                plan.create(),
                plan.changes().stream().map(TableChange::text).toList(),
                notes,
                stops,
                null);
    }
}
