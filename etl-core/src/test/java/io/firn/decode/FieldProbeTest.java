package io.firn.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;

import io.firn.decode.FieldProbe.Outcome;
import io.firn.schema.JsonPath;

class FieldProbeTest {
    @Test
    void finds() {
        assertThat(probe("type", "{\"type\":\"PushEvent\"}")).isEqualTo("PushEvent");
        assertThat(probe("type", " { \"a\" : [ 1, {\"type\":\"no\"} , \"]}\" ] , \"type\" : \"yes\" , broken"))
                .isEqualTo("yes");
        assertThat(probe("payload.kind", "{\"kind\":\"no\",\"payload\":{\"x\":{\"kind\":\"no\"},\"kind\":\"yes\"}}"))
                .isEqualTo("yes");
        assertThat(probe("type", "{\"ty\\u0070e\":\"Push\\u0045vent\"}")).isEqualTo("PushEvent");
        assertThat(probe("type", "{\"b\":true,\"n\":null,\"i\":-1.5e3,\"e\":{},\"l\":[],\"type\":\"\"}"))
                .isEqualTo("");
    }

    @Test
    void misses() {
        assertThat(probe("type", "{}")).isEqualTo(Outcome.ABSENT);
        assertThat(probe("type", "{\"types\":\"a\"}")).isEqualTo(Outcome.ABSENT);
        assertThat(probe("type", "{\"type\":null}")).isEqualTo(Outcome.ABSENT);
        assertThat(probe("payload.type", "{\"payload\":\"a\"}")).isEqualTo(Outcome.ABSENT);
        assertThat(probe("payload.type", "{\"payload\":null,\"type\":\"a\"}")).isEqualTo(Outcome.ABSENT);
        assertThat(probe("type", "{\"type\":5}")).isEqualTo(Outcome.NOT_A_STRING);
        assertThat(probe("type", "{\"type\":{\"type\":\"a\"}}")).isEqualTo(Outcome.NOT_A_STRING);
    }

    @Test
    void breaks() {
        for (String line : new String[] {
            "",
            "[]",
            "null",
            "{",
            "{\"a\"",
            "{\"a\":1",
            "{\"a\":1,",
            "{\"a\":1,}",
            "{\"a\":1 \"type\":\"x\"}",
            "{\"a\":]}",
            "{\"a\":[1,{}",
            "{\"type\":",
            "{\"type\":\"x",
            "{\"type\":nix}",
            "{\"type\":x}"
        }) {
            assertThat(probe("type", line)).as(line).isEqualTo(Outcome.MALFORMED);
        }
    }

    @Test
    void findsTheTypeOfRealEvents() {
        for (byte[] line : Samples.events()) {
            String text = new String(line, StandardCharsets.UTF_8);
            int from = text.indexOf("\"type\":\"") + 8;
            assertThat(probe("type", text)).isEqualTo(text.substring(from, text.indexOf('"', from)));
        }
    }

    @Test
    void mapsAskedWithBytes() {
        Map<String, Integer> names = new HashMap<>();
        for (int i = 0; i < 300; i++) {
            names.put("Event" + i, i);
        }
        ByteSpanMap<Integer> map = new ByteSpanMap<>(names);
        byte[] text = Samples.utf8("..Event299..");
        assertThat(map.get(text, 2, 10)).isEqualTo(299);
        assertThat(map.get(text, 2, 9)).isEqualTo(29);
        assertThat(map.get(text, 2, 7)).isNull();
        names.forEach((name, i) -> {
            byte[] key = Samples.utf8(name);
            assertThat(map.get(key, 0, key.length)).isEqualTo(i);
        });
        assertThat(new ByteSpanMap<Integer>(Map.of()).get(text, 0, 3)).isNull();
    }

    private static Object probe(String path, String line) {
        FieldProbe probe = new FieldProbe(JsonPath.parse(path));
        byte[] bytes = Samples.utf8("}" + line + "\"}]");
        Outcome outcome = probe.probe(bytes, 1, bytes.length - 3);
        return outcome == Outcome.FOUND
                ? new String(probe.bytes(), probe.from(), probe.to() - probe.from(), StandardCharsets.UTF_8)
                : outcome;
    }
}
