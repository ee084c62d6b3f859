package io.firn.change;

import static io.firn.change.Recorded.changes;
import static io.firn.change.Recorded.column;
import static io.firn.change.Recorded.decoded;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.firn.change.ChangeFormat.Envelope;
import io.firn.change.ChangeFormat.Schemas;
import io.firn.change.ChangeFormat.Tombstones;
import io.firn.change.Message.Refused;
import io.firn.change.Message.Skipped;
import io.firn.registry.Files;
import io.firn.schema.Column;
import io.firn.schema.Rejection;

/** Which messages are changes, which are not, and which are refused. */
class MessagesTest {
    private static final List<Column> ID = List.of(column("id", "long"));
    private static final ChangeFormat WRAPPED = ChangeFormat.of(Schemas.NONE, Envelope.DEBEZIUM);
    private static final ChangeFormat FLAT = ChangeFormat.of(Schemas.NONE, Envelope.UNWRAPPED);

    private static Message decode(ChangeFormat format, List<Column> columns, String key, String value) {
        KafkaRecord in = new KafkaRecord(
                "t",
                2,
                9,
                0,
                key == null ? null : key.getBytes(UTF_8),
                value == null ? null : value.getBytes(UTF_8),
                List.of());
        return new ChangeDecoder(columns, List.of("id"), format, 3, 0).decode(in);
    }

    private static Rejection refusal(ChangeFormat format, String key, String value) {
        return ((Refused) decode(format, ID, key, value)).rejection();
    }

    @ParameterizedTest
    @CsvSource({
        "pgs-other, TRANSACTION, LOGICAL_MESSAGE",
        "pgn-other, LOGICAL_MESSAGE, LOGICAL_MESSAGE",
        "mas-transaction, TRANSACTION, TRANSACTION",
        "mas-other, SCHEMA_CHANGE, SCHEMA_CHANGE",
        "man-other, SCHEMA_CHANGE, SCHEMA_CHANGE",
        "maf-other, SCHEMA_CHANGE, SCHEMA_CHANGE"
    })
    void otherMessagesAreSkippedByKind(String file, Skipped.Kind one, Skipped.Kind other) {
        List<Message> messages = decoded(file, ID, List.of("id"));

        assertThat(messages).isNotEmpty().allSatisfy(m -> assertThat(m).isIn(new Skipped(one), new Skipped(other)));
        assertThat(messages).contains(new Skipped(one), new Skipped(other));
    }

    @Test
    void heartbeatsAreSkipped() {
        assertThat(decode(WRAPPED, ID, "{\"serverName\":\"x\"}", "{\"ts_ms\":1795220759397}"))
                .isEqualTo(new Skipped(Skipped.Kind.HEARTBEAT));
        KafkaRecord in = new KafkaRecord("__debezium-heartbeat.pg", 0, 0, 0, null, new byte[] {'x'}, List.of());
        assertThat(new ChangeDecoder(ID, List.of(), WRAPPED, 0, 0).decode(in))
                .isEqualTo(new Skipped(Skipped.Kind.HEARTBEAT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pgs", "pgn", "pgd"})
    void readsOfAnIncrementalSnapshotTakeTheirPlaceFromTheSequence(String connector) {
        List<Change> reads = changes(decoded(connector + "-keys", ID, List.of())).stream()
                .filter(c -> c.snapshot() == Snapshot.INCREMENTAL)
                .toList();

        assertThat(reads).hasSize(3).allSatisfy(c -> {
            assertThat(c.operation()).isEqualTo(Operation.READ);
            assertThat(c.position().log()).isBetween(24_895_000L, 24_900_000L);
        });
    }

    /** Truncates have no key: they lie in any partition, as the rows of their transaction do. */
    @Test
    void whatATransactionDoesIsInItsOrderWhateverThePartition() {
        Position before = position(2, "c", 80, 100);
        Position truncate = position(1, "t", 90, 100);
        Position after = position(0, "c", 95, 100);
        Position late = position(0, "c", 110, 100);

        assertThat(List.of(late, after, truncate, before).stream().sorted())
                .containsExactly(before, truncate, after, late);
        assertThat(position(2, "r", 100, 100)).as("read by a snapshot").isLessThan(before);
        assertThat(position(2, "r", 70, 100)).as("read, and counted later").isLessThan(before);
    }

    private static Position position(int partition, String op, long lsn, long committed) {
        String value =
                """
                {"op":"%s","after":{"id":1},"source":{"lsn":%d,"sequence":"[\\"%d\\",\\"%d\\"]"}}
                """
                        .formatted(op, lsn, committed, lsn);
        KafkaRecord in = new KafkaRecord(
                "t", partition, 9 - partition, 0, "{}".getBytes(UTF_8), value.getBytes(UTF_8), List.of());
        return ((Change) new ChangeDecoder(ID, List.of(), WRAPPED, 0, 0).decode(in)).position();
    }

    @Test
    void flattenedReadsOfAnIncrementalSnapshotHaveNoPlaceAndAreRefused() {
        assertThat(decoded("pgf-keys", ID, List.of()))
                .filteredOn(Refused.class::isInstance)
                .hasSize(3)
                .allSatisfy(m -> assertThat(((Refused) m).rejection().reason())
                        .startsWith("a row that a snapshot read between changes, without its place in the log"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pgs", "pgn", "pgd", "pgf"})
    void aChangeOfACompositeKeyIsADeleteAndACreate(String connector) {
        List<Column> columns = List.of(column("a", "int"), column("b", "string"), column("v", "string"));
        ChangeDecoder decoder = new ChangeDecoder(columns, List.of("a", "b"), Recorded.format(connector), 0, 0);
        List<Change> changes = changes(Recorded.messages(connector + "-keys").stream()
                .filter(r -> r.topic().endsWith("comp_pk"))
                .map(decoder::decode)
                .map(m -> m instanceof Change c ? c.copy() : m)
                .toList());

        assertThat(changes)
                .extracting(Change::operation)
                .containsExactly(Operation.CREATE, Operation.DELETE, Operation.CREATE);
        assertThat(changes).extracting(c -> c.key().values().toString()).containsExactly("[1, x]", "[1, x]", "[1, y]");
        assertThat(Recorded.values(changes.get(2).row(), columns)).containsExactly(1, "y", "v2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pgs", "pgn", "pgd", "pgf"})
    void aChangeWhoseKeyLacksTheTablesKeyIsRefused(String connector) {
        List<Column> columns = List.of(column("id", "int"), column("code", "string"));

        assertThat(decoded(connector + "-uniq_ri", columns, List.of("code")))
                .filteredOn(m -> !(m instanceof Skipped))
                .hasSizeGreaterThan(1)
                .containsOnly(new Refused(new Rejection(
                        "code",
                        "the message's key lacks this key column, so that other rows may go or old ones stay; name it"
                                + " in the connector's message.key.columns, or leave it out of id-columns")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pgs", "pgn", "pgd", "pgf"})
    void aChangeWhoseKeyHasMoreThanTheTablesIsRefused(String connector) {
        List<Column> columns = List.of(column("a", "int"), column("v", "string"));
        ChangeDecoder decoder = new ChangeDecoder(columns, List.of("a"), Recorded.format(connector), 0, 0);

        assertThat(Recorded.messages(connector + "-keys").stream()
                        .filter(r -> r.topic().endsWith("comp_pk"))
                        .map(decoder::decode))
                .filteredOn(m -> !(m instanceof Skipped))
                .hasSize(3)
                .containsOnly(new Refused(new Rejection(
                        null,
                        "the message's key has more columns than the table's (b), so that rows which differ in them"
                                + " alone would overwrite each other; add them to id-columns, or leave them out of the"
                                + " connector's message.key.columns")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"id\":1,\"__dbz__physicalTableIdentifier\":\"s.t\"}", "1", "\"1\"", "Struct{id=1}"})
    void keysThatARouterAddedToOrThatTellNoNamesAreTaken(String key) {
        assertThat(decode(FLAT, ID, key, "{\"id\":1}")).isInstanceOf(Change.class);
    }

    @Test
    void keysAreComparedWithTheirOwnSchemaToo() {
        KafkaRecord create = Recorded.messages("pgs-keys").stream()
                .filter(r -> r.topic().endsWith("comp_pk"))
                .findFirst()
                .orElseThrow();
        AvroMessages registry = new AvroMessages();
        ChangeFormat avro = ChangeFormat.of(ChangeFormat.Language.AVRO, new Files("unused"));
        List<Column> columns = List.of(column("a", "int"), column("b", "string"), column("v", "string"));

        assertThat(new ChangeDecoder(columns, List.of("a", "b"), avro, registry, null, 0, 0)
                        .decode(registry.of(create)))
                .isInstanceOf(Change.class);
        for (List<String> other : List.of(List.of("a"), List.of("a", "v"))) {
            assertThat(new ChangeDecoder(columns, other, avro, registry, null, 0, 0).decode(registry.of(create)))
                    .isInstanceOf(Refused.class);
        }
    }

    @Test
    void aKeyThatChangesInTheMidstOfATopicIsSeen() {
        ChangeDecoder decoder = new ChangeDecoder(ID, List.of("id"), FLAT, 0, 0);
        List<Class<?>> became = new ArrayList<>();
        for (String key : List.of("{\"id\":1}", "{\"id\":1,\"region\":2}", "{\"id\":1}")) {
            became.add(decoder.decode(
                            new KafkaRecord("t", 0, 0, 0, key.getBytes(UTF_8), "{\"id\":1}".getBytes(UTF_8), List.of()))
                    .getClass());
        }

        assertThat(became).containsExactly(Change.class, Refused.class, Change.class);
    }

    @Test
    void withoutPositionTheOffsetOrders() {
        Change change = (Change) decode(FLAT, ID, "{\"id\":1}", "{\"id\":1}");

        assertThat(change.position()).isEqualTo(new Position(3, 0, 0, 0, 2, 9));
        assertThat(change.operation()).isEqualTo(Operation.UPDATE);
        assertThat(change.sourceTime()).isNull();
    }

    /** As after add.fields was set. */
    @Test
    void whatTellsItsPlaceIsLaterThanWhatToldNone() {
        ChangeDecoder decoder =
                new ChangeDecoder(ID, List.of("id"), FLAT, null, null, 0, new PartitionCounts(List.of(3, 4)), 0);
        List<Position> positions = new ArrayList<>();
        for (String place : List.of("", ",\"__lsn\":24", ",\"__file\":\"log.000001\",\"__pos\":4")) {
            byte[] value = ("{\"id\":1" + place + "}").getBytes(UTF_8);
            KafkaRecord in = new KafkaRecord(
                    "t", partition("{\"id\":1}", 4), 9, 0, "{\"id\":1}".getBytes(UTF_8), value, List.of());
            positions.add(((Change) decoder.decode(in)).position());
        }

        assertThat(positions.get(0)).isLessThan(positions.get(1)).isLessThan(positions.get(2));
    }

    private static int partition(String key, int count) {
        return (PartitionCounts.hash(key.getBytes(UTF_8)) & Integer.MAX_VALUE) % count;
    }

    /** All such rows would have one place, and take the values of each other. */
    @Test
    void rowsThatTookAnotherKeyAreNotLookedForWhereMessagesTellNoPlace() {
        List<Column> columns = List.of(column("id", "long"), column("big", "string"));
        String value = "{\"id\":1,\"big\":\"__debezium_unavailable_value\",\"__op\":\"c\"%s}";
        Change inLog = (Change) decode(FLAT, columns, "{\"id\":1}", value.formatted(",\"__lsn\":24"));
        Change inTopic = (Change) decode(FLAT, columns, "{\"id\":1}", value.formatted(""));

        assertThat(inLog.origin()).isEqualTo(inLog.position().place());
        assertThat(inTopic.origin()).isNotNull().isNotEqualTo(inTopic.position().place());
    }

    @Test
    void tombstonesAreDeletesWhereNothingElseSaysSo() {
        Change change = (Change) decode(FLAT.with(Tombstones.ARE_DELETES), ID, "{\"id\":7}", null);

        assertThat(change.operation()).isEqualTo(Operation.DELETE);
        assertThat(change.key()).isEqualTo(Key.of(7L));
        assertThat(decode(FLAT, ID, "{\"id\":7}", null)).isEqualTo(new Skipped(Skipped.Kind.TOMBSTONE));
        // It knows no log, so what it deletes must not be held to come later by one.
        Change row = (Change) decode(FLAT.with(Tombstones.ARE_DELETES), ID, "{\"id\":7}", "{\"id\":7,\"__lsn\":240}");
        assertThat(row.position()).isEqualTo(change.position());
        assertThat(((Change) decode(FLAT, ID, "{\"id\":7}", "{\"id\":7,\"__lsn\":240}"))
                        .position()
                        .log())
                .isEqualTo(240);
    }

    @Test
    void aDeleteMayHoldMadeUpValuesThatNoColumnTakes() {
        List<Column> columns = List.of(column("id", "long"), column("u", "uuid"));

        assertThat(decode(FLAT, columns, "{\"id\":7}", "{\"id\":7,\"u\":\"\",\"__op\":\"d\",\"__deleted\":\"true\"}"))
                .isInstanceOf(Change.class);
        assertThat(decode(FLAT, columns, "{\"id\":7}", "{\"id\":7,\"u\":\"\",\"__op\":\"u\",\"__deleted\":\"false\"}"))
                .isEqualTo(new Refused(
                        new Rejection("u", "expected a uuid such as 123e4567-e89b-12d3-a456-426614174000")));
    }

    @Test
    void poisonIsRefusedWithItsReason() {
        String source = ",\"source\":{\"lsn\":5,\"snapshot\":\"false\"}}";
        assertThat(refusal(WRAPPED, "{\"id\":1}", "{\"op\":\"c\",\"after\":{\"id\":1"))
                .extracting(Rejection::reason)
                .asString()
                .startsWith("malformed JSON at byte");
        assertThat(refusal(WRAPPED, "{\"id\":1}", "{\"op\":\"x\",\"after\":{\"id\":1}" + source))
                .isEqualTo(new Rejection(null, "an operation (op) that is none of c, r, u, d, t, m"));
        assertThat(refusal(WRAPPED, "{\"id\":1}", "{\"op\":\"c\",\"after\":null" + source))
                .isEqualTo(new Rejection("id", "a key column that is null or missing"));
        assertThat(refusal(WRAPPED, "{\"id\":1}", "{\"op\":\"c\",\"after\":{\"id\":1},\"source\":{}}"))
                .isEqualTo(
                        new Rejection(null, "no place in the source's log (lsn, sequence, or file and pos) in source"));
        assertThat(refusal(WRAPPED, "{\"id\":1}", "{\"after\":{\"id\":1}" + source))
                .isEqualTo(new Rejection(null, "no envelope of a change: it says no operation (op)"));
        assertThat(refusal(WRAPPED, null, "{\"op\":\"c\",\"after\":{\"id\":1}" + source))
                .isEqualTo(new Rejection(
                        null,
                        "the message has no key; let the connector make one of the key columns (message.key.columns)"));
        ChangeFormat described = ChangeFormat.of(Schemas.IN_MESSAGE, Envelope.DEBEZIUM);
        assertThat(refusal(described, "{\"id\":1}", "{\"op\":\"c\",\"after\":{\"id\":1}" + source))
                .isEqualTo(
                        new Rejection(
                                null,
                                "no schema and payload; if the converter writes no schemas (schemas.enable), say schemas: none"));
        assertThat(refusal(described, "{\"id\":1}", "{\"schema\":{\"type\":3},\"payload\":{}}"))
                .isEqualTo(new Rejection(null, "the message's schema is none of Kafka Connect's"));
        assertThat(refusal(described, "{\"id\":1}", "{\"schema\":{\"type\""))
                .extracting(Rejection::reason)
                .asString()
                .startsWith("malformed JSON at byte");
        assertThat(decode(described, ID, "{\"id\":1}", "{\"schema\":null,\"payload\":null}"))
                .isEqualTo(new Skipped(Skipped.Kind.TOMBSTONE));
    }

    @Test
    void digitsThatMayBeBase64AreRefusedAsADecimal() {
        List<Column> columns = List.of(column("id", "long"), column("n", "decimal(38,0)"));

        assertThat(((Refused) decode(FLAT, columns, "{\"id\":1}", "{\"id\":1,\"n\":\"1234\"}")).rejection())
                .isEqualTo(new Rejection(
                        "n",
                        "text of digits may be a number or base64 of one; turn schemas on, or let the connector"
                                + " write decimals as numbers (decimal.format: NUMERIC)"));
        Change change = (Change) decode(FLAT, columns, "{\"id\":1}", "{\"id\":1,\"n\":\"-123\"}");
        assertThat(Recorded.values(change.row(), columns).get(1)).isEqualTo(new java.math.BigDecimal(-123));
    }

    @Test
    void aTimeOfTheSourceThatIsNoneIsRefused() {
        String value = "{\"op\":\"c\",\"after\":{\"id\":1},\"source\":{\"lsn\":5,\"ts_ms\":9223372036854775807}}";

        assertThat(refusal(WRAPPED, "{\"id\":1}", value))
                .isEqualTo(new Rejection("source.ts_ms", "outside the years 0001 to 9999"));
    }

    @Test
    void schemasThatCannotBeAreRefused() {
        ChangeFormat described = ChangeFormat.of(Schemas.IN_MESSAGE, Envelope.UNWRAPPED);
        List<Column> columns = List.of(column("id", "long"), column("n", "string"), column("l", "list<int>"));
        String head = "{\"schema\":{\"type\":\"struct\",\"fields\":[{\"type\":\"int64\",\"field\":\"id\"},";
        String tail = "]},\"payload\":{\"id\":1,\"n\":\"AQ==\",\"l\":[]}}";
        String decimal = "{\"type\":\"bytes\",\"name\":\"org.apache.kafka.connect.data.Decimal\",\"field\":\"n\","
                + "\"parameters\":{\"scale\":\"-2000000000\"}}";

        assertThat(decode(described, columns, "{\"id\":1}", head + decimal + tail))
                .isEqualTo(
                        new Refused(new Rejection("n", "the schema of a decimal states no scale that a database has")));
        assertThat(decode(described, columns, "{\"id\":1}", head + "{\"type\":\"array\",\"field\":\"l\"}" + tail))
                .isEqualTo(new Refused(new Rejection(null, "the message's schema has a type array of nothing")));
    }

    @Test
    void anEnvelopeWithoutRowIsRefusedForTablesWithoutKeyToo() {
        byte[] value = "{\"op\":\"c\",\"after\":null,\"source\":{\"lsn\":5}}".getBytes(UTF_8);
        byte[] nulls = "{\"op\":\"c\",\"after\":{\"id\":null},\"source\":{\"lsn\":5}}".getBytes(UTF_8);
        ChangeDecoder decoder = new ChangeDecoder(ID, List.of(), WRAPPED, 0, 0);

        assertThat(decoder.decode(new KafkaRecord("t", 0, 0, 0, null, value, List.of())))
                .isEqualTo(new Refused(new Rejection(null, "an envelope without the row after the change")));
        assertThat(decoder.decode(new KafkaRecord("t", 0, 0, 0, null, nulls, List.of())))
                .isInstanceOf(Change.class);
    }

    @Test
    void rowsHaveTheCallersSlotsEmpty() {
        byte[] value = "{\"op\":\"c\",\"after\":{\"id\":4},\"source\":{\"lsn\":5}}".getBytes(UTF_8);
        ChangeDecoder decoder = new ChangeDecoder(ID, List.of(), WRAPPED, 0, 40);

        Change change = (Change) decoder.decode(new KafkaRecord("t", 0, 0, 0, null, value, List.of()));

        assertThat(change.row().numFields()).isEqualTo(41);
        for (int i = 1; i < 41; i++) {
            assertThat(change.row().isNullAt(i)).isTrue();
        }
    }

    @Test
    void columnsNeedASchema() {
        assertThatThrownBy(() -> MessageColumns.of(null, "{\"op\":\"c\"}".getBytes(UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the message carries no schema; turn schemas on (converter.schemas.enable) or name the"
                        + " columns");
        KafkaRecord first = Recorded.messages("pgs-orders").get(0);
        assertThat(MessageColumns.of(first.key(), first.value()).key()).containsExactly("id");
    }
}
