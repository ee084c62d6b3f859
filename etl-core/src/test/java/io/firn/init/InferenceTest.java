package io.firn.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import io.firn.init.Inference.Hints;
import io.firn.init.InferredPipeline.InferredEvent;
import io.firn.schema.JsonPath;

class InferenceTest {
    private static final String HEAD = "{\"type\":\"a\",";

    @Test
    void wholeNumbersAreLongsUpToTheirRange() {
        assertThat(columns("{'type':'a','n':1}", "{'type':'a','n':9223372036854775807}"))
                .containsExactly("n long");
        assertThat(columns("{'type':'a','n':1}", "{'type':'a','n':9223372036854775808}"))
                .containsExactly("n string json");
    }

    @Test
    void wholeAndFractionMixOnlyWhereADoubleHoldsBoth() {
        assertThat(columns("{'type':'a','n':1}", "{'type':'a','n':1.5}")).containsExactly("n double");
        assertThat(columns("{'type':'a','n':9007199254740993}", "{'type':'a','n':1.5}"))
                .containsExactly("n string json");
        assertThat(columns("{'type':'a','n':1e400}")).containsExactly("n string json");
    }

    @Test
    void conflictingKindsAreKeptAsJson() {
        assertThat(columns("{'type':'a','v':1}", "{'type':'a','v':'1'}")).containsExactly("v string json");
        assertThat(columns("{'type':'a','v':{'x':1}}", "{'type':'a','v':'x'}")).containsExactly("v string json");
        assertThat(columns("{'type':'a','v':[1,'x']}")).containsExactly("v string json");
        assertThat(columns("{'type':'a','v':[]}")).containsExactly("v string json");
    }

    @Test
    void timesAreTimesOnlyIfAllOfThemAre() {
        assertThat(columns("{'type':'a','t':'2021-07-21T06:00:00Z'}", "{'type':'a','t':'2021-07-21T06:00:00.5+02:00'}"))
                .containsExactly("t timestamptz iso");
        assertThat(columns("{'type':'a','t':'2021-07-21T06:00:00Z'}", "{'type':'a','t':'2021-07-21T06:00:00'}"))
                .containsExactly("t string");
        assertThat(columns("{'type':'a','t':'2021-07-21T06:00:00'}")).containsExactly("t timestamp iso");
        assertThat(columns("{'type':'a','t':'2021-07-21 06:00:00'}"))
                .containsExactly("t timestamp uuuu-MM-dd HH:mm:ss");
        assertThat(columns("{'type':'a','t':'2021-07-21'}")).containsExactly("t date");
        assertThat(columns("{'type':'a','t':'2021-02-29'}")).containsExactly("t string");
        assertThat(columns("{'type':'a','t':''}", "{'type':'a','t':'2021-07-21'}"))
                .containsExactly("t string");
        assertThat(columns("{'type':'a','t':'2021-07-21T06:00:00.1234567Z'}")).containsExactly("t string");
        assertThat(columns("{'type':'a','t':'2021-07-21T06:00:00.123456000Z'}")).containsExactly("t timestamptz iso");
        assertThat(columns("{'type':'a','t':'2021-07-21T24:00:00Z'}")).containsExactly("t string");
    }

    @Test
    void numbersAreTimesOnlyByNameAndRange() {
        assertThat(columns("{'type':'a','sent_at':1626847200}")).containsExactly("sent_at timestamptz epoch-seconds");
        assertThat(columns("{'type':'a','sentAt':1626847200123}")).containsExactly("sent_at timestamptz epoch-millis");
        assertThat(columns("{'type':'a','user_id':1626847200}")).containsExactly("user_id long");
        assertThat(columns("{'type':'a','sent_at':12}")).containsExactly("sent_at long");
        assertThat(columns("{'type':'a','sent_at':0}", "{'type':'a','sent_at':1626847200}"))
                .containsExactly("sent_at long");
    }

    @Test
    void nothingButNullsIsLeftOutAndSaid() {
        InferredEvent event = only("{'type':'a','x':null,'o':{},'p':{'q':null},'y':1}");
        assertThat(event.columns()).extracting(c -> c.name()).containsExactly("y");
        assertThat(event.leftOut()).containsExactly("x", "o", "p");
    }

    @Test
    void objectsKeyedByDataAreMaps() {
        String[] lines = IntStream.range(0, 40)
                .mapToObj(i ->
                        "{'type':'a','scores':{'u" + i + "':1,'v" + i + "':2},'odd':{'u" + i + "':[1],'v" + i + "':2}}")
                .toArray(String[]::new);
        assertThat(columns(lines)).containsExactly("scores map<string, long>", "odd string json");
    }

    @Test
    void nestedObjectsAreStructsWhileTheyAreSmall() {
        assertThat(columns("{'type':'a','user':{'id':1,'geo':{'lat':1.5,'lon':2.5}}}"))
                .containsExactly("user_id long", "user_geo struct<lat: double, lon: double>");
        String wide = String.join(
                ",", IntStream.range(0, 13).mapToObj(i -> "'f" + i + "':1").toList());
        assertThat(columns("{'type':'a','user':{'geo':{" + wide + "}}}")).containsExactly("user_geo string json");
        assertThat(columns("{'type':'a','user':{'geo':{'a b':1}}}")).containsExactly("user_geo string json");
        assertThat(columns("{'type':'a','user':{'geo':{'k':1,'K':1}}}")).containsExactly("user_geo string json");
    }

    @Test
    void wrappersAddNoPrefixUnlessNamesClash() {
        assertThat(columns("{'type':'a','payload':{'id':1,'size':2},'id':'x'}"))
                .containsExactly("id string", "payload_id long", "size long");
    }

    @Test
    void aWrapperIsKnownByWhatDiffersBelowIt() {
        InferredPipeline inferred = infer(
                "{'type':'a','ev':{'x':1},'user':{'id':1}}",
                "{'type':'b','ev':{'y':1},'user':{'id':1}}",
                "{'type':'c','ev':{'z':1},'user':{'id':1}}");
        assertThat(inferred.events())
                .extracting(e -> e.columns().stream().map(c -> c.name()).toList())
                .containsExactly(List.of("x", "user_id"), List.of("y", "user_id"), List.of("z", "user_id"));
    }

    @Test
    void oddKeysGetNamesThatSqlTakesAndPathsThatReadBack() {
        InferredEvent event = only("{'type':'a','a.b':1,'A-B':2,'9lives':3,'firn_file':4,'':5,'HTTPStatus':6}");
        assertThat(event.columns())
                .extracting(c -> c.name())
                .containsExactly("a_b", "a_b_2", "json_9lives", "json_firn_file", "unnamed", "http_status");
        assertThat(event.columns())
                .extracting(c -> JsonPath.parse(c.location().text()).keys().get(0))
                .containsExactly("a.b", "A-B", "9lives", "firn_file", "", "HTTPStatus");
    }

    @Test
    void brokenLinesAreCounted() {
        InferredPipeline inferred =
                infer("{'type':'a','n':1}", "", "{'type':'a','n':", "[1]", "{'type':'a'}{}", "{'n':1,'n':2}", "  ");
        assertThat(inferred.lines()).isEqualTo(5);
        assertThat(inferred.malformed()).isEqualTo(4);
        assertThat(inferred.events()).singleElement().satisfies(e -> assertThat(e.lines())
                .isEqualTo(1));
    }

    @Test
    void theNameMayLieOneLevelDown() {
        InferredPipeline inferred = infer("{'event':{'name':'x','at':'2021-07-21T00:00:00Z'},'user':{'name':'ann'}}");
        assertThat(inferred.eventName()).isEqualTo(JsonPath.parse("event.name"));
        assertThat(inferred.eventTime()).isEqualTo(JsonPath.parse("event.at"));
    }

    @Test
    void whatTheUserSaysIsTaken() {
        InferredPipeline inferred = Inference.of(
                Lines.of("{'type':'a','op':'c','at':1626847200}".replace('\'', '"')),
                new Hints(JsonPath.parse("op"), JsonPath.parse("at")));
        assertThat(inferred.events()).extracting(InferredEvent::name).containsExactly("c");
        assertThat(inferred.events().get(0).columns())
                .extracting(c -> c.name() + c.required())
                .containsExactly("attrue", "typefalse");
    }

    @Test
    void aSampleWithoutANameIsRefused() {
        assertThatThrownBy(() -> infer("{'n':1}", "{'n':2}"))
                .isInstanceOf(InferenceException.class)
                .hasMessageContaining("No key tells the events apart")
                .hasMessageContaining("--event-name");
        assertThatThrownBy(() -> infer("no json", "[]"))
                .isInstanceOf(InferenceException.class)
                .hasMessageContaining("The sample names no event: of its 2 lines 2 are no JSON object");
    }

    @Test
    void anEventThatSaysNothingElseKeepsItsName() {
        assertThat(columns("{'type':'a','payload':{}}")).containsExactly("type string");
    }

    @Test
    void deepNestingIsKeptAsJson() {
        String deep = "[".repeat(900) + "]".repeat(900);
        assertThat(columns("{'type':'a','v':" + deep + "}")).containsExactly("v string json");
    }

    @Test
    void manyLinesAreReadInOnePass() {
        String[] lines = IntStream.range(0, 5000)
                .mapToObj(i -> HEAD.replace('"', '\'') + "'n':" + (i == 4999 ? "'x'" : i) + "}")
                .toArray(String[]::new);
        assertThat(infer(lines).lines()).isEqualTo(5000);
        assertThat(columns(lines)).containsExactly("n string json");
    }

    @Test
    void writesThisFile() {
        InferredPipeline inferred = infer(
                "{'type':'order placed','id':'1','ts':'2021-07-21T06:00:00Z','payload':{'total':1.5,'tags':['x'],'note':null}}",
                "{'type':'order placed','id':'2','ts':'2021-07-21T07:00:00Z','payload':{'total':2,'tags':[]}}",
                "{'type':'yes','id':'3','ts':'2021-07-21T07:00:00Z','payload':{'geo':{'at':{'lat':1.5}}}}",
                "broken");
        String yaml = inferred.yaml(new InferredPipeline.Naming(
                "../pipeline.schema.json", "dump/2021-07-21/", "shop", "dump/{date}/", null, "shop"));
        assertThat(yaml)
                .isEqualTo(
                        """
                # yaml-language-server: $schema=../pipeline.schema.json
                # Inferred from dump/2021-07-21/: 4 lines, 2 events, 1 malformed.
                # Types are the narrowest that hold every value of the sample; required, id-columns and transforms are yours to add.
                pipeline: shop
                catalog: lake
                source:
                  type: json-dump
                  path: "dump/{date}/"
                  event-name: type
                  event-time: ts
                defaults: {namespace: shop, mode: append, unknown-columns: report, max-quarantined: 0.50}

                events:
                  "order placed": # 2 lines
                    columns:
                      - {name: id,    type: string}
                      - {name: ts,    type: timestamptz,  format: iso, required: true}
                      - {name: total, type: double,       path: payload.total}
                      - {name: tags,  type: list<string>, path: payload.tags}
                      # Only nulls or empty objects seen: payload.note
                    target: {table: lake.shop.order_placed, partition-by: ["day(ts)"]}

                  "yes": # 1 line
                    columns:
                      - {name: id,     type: string}
                      - {name: ts,     type: timestamptz,           format: iso, required: true}
                      - {name: geo_at, type: "struct<lat: double>", path: payload.geo.at}
                    target: {table: lake.shop.yes, partition-by: ["day(ts)"]}
                """);
    }

    private static List<String> columns(String... lines) {
        return only(lines).columns().stream()
                .map(c -> c.name() + " " + c.type().text()
                        + (c.format() == null ? "" : " " + c.format().text()))
                .toList();
    }

    private static InferredEvent only(String... lines) {
        List<InferredEvent> events = infer(lines).events();
        assertThat(events).hasSize(1);
        return events.get(0);
    }

    private static InferredPipeline infer(String... lines) {
        return Inference.of(
                Lines.of(List.of(lines).stream().map(l -> l.replace('\'', '"')).toArray(String[]::new)), Hints.NONE);
    }
}
