package io.firn.init;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;

import io.firn.init.ColumnGrowth.Standing;
import io.firn.init.Discovery.Spot;
import io.firn.schema.Column;
import io.firn.schema.ColumnType;
import io.firn.schema.Format;
import io.firn.schema.JsonPath;
import io.firn.schema.TypeChange;
import io.firn.table.EvolvedColumn;

/** What is added to a table for what its lines hold, and under which names. */
class ColumnGrowthTest {
    private final List<Column> columns = new ArrayList<>(
            List.of(column("id", "long", "id"), column("place", "struct<lat: double, City: string>", "place")));
    private final List<EvolvedColumn> evolved = new ArrayList<>();
    private final Map<String, ColumnType> types = new HashMap<>();
    private final Set<String> open = new HashSet<>(Set.of("place"));
    private final BitSet misfits = new BitSet();

    private static Column column(String name, String type, String path) {
        return new Column(name, ColumnType.parse(type), JsonPath.parse(path), null, false, null);
    }

    private ColumnGrowth grow(String... lines) {
        Discovery all = new Discovery();
        for (String line : lines) {
            // As many tasks as lines: what they find has to add up.
            FieldSurvey survey = new FieldSurvey(columns, Map.of(), List.of(JsonPath.parse("type")));
            byte[] bytes = line.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
            survey.observe(bytes, bytes.length, misfits, new Spot("file", 7, 1));
            all = all.plus(survey.found());
        }
        columns.forEach(column -> types.putIfAbsent(column.name(), column.type()));
        Set<String> filled = new HashSet<>();
        columns.forEach(column -> filled.add(column.name()));
        return ColumnGrowth.of(
                new Standing(columns, open, evolved, types, List.copyOf(types.keySet()), filled, true), all);
    }

    private static List<String> yaml(ColumnGrowth growth) {
        return growth.added().stream()
                .map(added -> ColumnYaml.of(added.column()))
                .toList();
    }

    @Test
    void namesAreThoseOfInitAndNeverTakenTwice() {
        types.put("coupon", ColumnType.parse("date"));
        assertThat(yaml(grow(
                        "{'type':'x','id':1,'ID':2,'couponCode':1,'coupon-code':true,'firn_x':1,'3d':1,'coupon':'y'}")))
                .containsExactly(
                        "{name: json_3d, type: long, path: \"3d\"}",
                        "{name: id_2, type: long, path: ID}",
                        "{name: coupon_2, type: string, path: coupon}",
                        "{name: coupon_code, type: boolean, path: coupon-code}",
                        "{name: coupon_code_2, type: long, path: couponCode}",
                        "{name: json_firn_x, type: long, path: firn_x}");
    }

    @Test
    void aColumnThatAnEarlierYamlLeftBehindIsFilledAgainWhereItHoldsTheValues() {
        types.put("coupon", ColumnType.parse("string"));
        types.put("count", ColumnType.parse("decimal(30,2)"));
        assertThat(yaml(grow("{'coupon':'y','count':3}")))
                .containsExactly("{name: count, type: \"decimal(30,2)\"}", "{name: coupon, type: string}");
    }

    @Test
    void neighboursTellWhichKeysANameLeavesOut() {
        columns.add(column("total", "double", "payload.order.total"));
        columns.add(column("user_name", "string", "user.name"));
        assertThat(yaml(grow("{'payload':{'order':{'tax':1},'kind':'k'},'user':{'age':2}}")))
                .containsExactly(
                        "{name: payload_kind, type: string, path: payload.kind}",
                        "{name: tax, type: long, path: payload.order.tax}",
                        "{name: user_age, type: long, path: user.age}");
    }

    @Test
    void structsGrowWhereTheTableHasThemAsTheyAreDecoded() {
        assertThat(grow("{'place':{'lon':1,'floors':[{'no':1}]}}", "{'place':{'floors':[{'to':'x'}]}}")
                        .wider())
                .isEqualTo(
                        Map.of(
                                "place",
                                ColumnType.parse(
                                        "struct<lat: double, City: string, floors: list<struct<no: long, to: string>>, lon: long>")));
        open.clear();
        assertThat(yaml(grow("{'place':{'lon':1}}"))).containsExactly("{name: place_lon, type: long, path: place.lon}");
    }

    @Test
    void aFieldThatAStructHasButForCaseIsAColumn() {
        ColumnGrowth growth = grow("{'place':{'city':'x'}}");
        assertThat(growth.wider()).isEmpty();
        assertThat(yaml(growth)).containsExactly("{name: place_city, type: string, path: place.city}");
    }

    @Test
    void whatNoTypeHoldsIsJsonTextAndInListsItIsToldAsLeftOut() {
        columns.add(column("items", "list<struct<sku: string>>", "items"));
        open.add("items");
        ColumnGrowth growth = grow("{'m':1,'items':[{'x':1}]}", "{'m':'a','items':[{'x':'b'},{'y':[]}]}");
        assertThat(yaml(growth)).containsExactly("{name: m, type: string, format: json}");
        assertThat(growth.leftOut())
                .singleElement()
                .asString()
                .startsWith("items.element.x: its values are of several kinds");
    }

    @Test
    void nothingIsMadeOfNothing() {
        assertThat(grow("{'a':null,'b':{},'c':[],'d':{'e':null,'f':[{}]},'place':{'g':null}}")
                        .isNone())
                .isTrue();
    }

    @Test
    void keysThatNoPathCanSayAreLeftOut() {
        ColumnGrowth growth = grow("{'a\\\"b':1,'" + "k".repeat(201) + "':1}");
        assertThat(growth.isNone()).isTrue();
        assertThat(growth.leftOut()).hasSize(2).allMatch(text -> text.contains("a path cannot name"));
    }

    @Test
    void theMostFrequentFieldsTakeTheRoomThereIs() {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            lines.add("{'common':1,'rare" + i + "':1}");
        }
        ColumnGrowth growth = grow(lines.toArray(String[]::new));
        assertThat(growth.added()).hasSize(ColumnGrowth.MAX_ADDED);
        assertThat(yaml(growth)).contains("{name: common, type: long}");
        assertThat(growth.leftOut()).singleElement().asString().startsWith("201 more fields");
    }

    @Test
    void valuesOfAnotherTypeGoToAColumnOfTheirTypeOrWidenAnEvolvedOne() {
        columns.set(0, column("id", "int", "id").onTypeChange(TypeChange.NEW_COLUMN));
        misfits.set(0);
        assertThat(yaml(grow("{'id':3000000000}"))).containsExactly("{name: id_long, type: long, path: id}");
        evolved.add(new EvolvedColumn(columns.get(0), null));
        assertThat(grow("{'id':3000000000}").wider()).isEqualTo(Map.of("id", ColumnType.parse("long")));
        ColumnGrowth mixed = grow("{'id':1.5}", "{'id':'x'}");
        assertThat(mixed.added())
                .containsExactly(new EvolvedColumn(
                        new Column(
                                "id_string",
                                ColumnType.parse("string"),
                                JsonPath.parse("id"),
                                Format.parse("json"),
                                false,
                                null),
                        "id"));
        evolved.add(mixed.added().get(0));
        assertThat(grow("{'id':1.5}", "{'id':'x'}").isNone())
                .as("a rival was first")
                .isTrue();
    }
}
