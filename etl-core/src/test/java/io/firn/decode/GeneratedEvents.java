package io.firn.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

import io.firn.schema.Column;

/** Events of a shop, as analytics dumps have them: 24 columns in nested payloads. */
final class GeneratedEvents {
    private GeneratedEvents() {}

    static List<byte[]> lines(int count) {
        Random random = new Random(7);
        List<byte[]> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder items = new StringBuilder();
            for (int k = random.nextInt(3); k >= 0; k--) {
                items.append(String.format(
                        Locale.ROOT,
                        "{\"sku\":\"SKU-%06d\",\"quantity\":%d,\"price\":%.2f}%s",
                        random.nextInt(1_000_000),
                        1 + random.nextInt(9),
                        random.nextDouble() * 500,
                        k > 0 ? "," : ""));
            }
            lines.add(Samples.utf8(String.format(
                    Locale.ROOT,
                    "{\"id\":\"%016x\",\"type\":\"order_placed\",\"created_at\":\"2021-07-%02dT%02d:%02d:%02d.%03dZ\","
                            + "\"actor\":{\"id\":%d,\"login\":\"user%d\",\"country\":\"%s\",\"premium\":%b},"
                            + "\"context\":{\"ip\":\"10.%d.%d.%d\",\"agent\":\"Mozilla/5.0 (X11; Linux x86_64) rv:%d.0\","
                            + "\"session\":\"%016x\",\"page\":\"/products/%d/view?ref=mail\",\"screen\":{\"w\":%d,\"h\":%d}},"
                            + "\"payload\":{\"order_id\":%d,\"total\":%.2f,\"currency\":\"EUR\",\"discount\":%s,"
                            + "\"weight\":%.3f,\"items\":[%s],\"note\":\"please leave it at the door of number %d\","
                            + "\"shipping\":{\"city\":\"Berlin\",\"zip\":\"%05d\",\"lat\":%.6f,\"lon\":%.6f,\"express\":%b}},"
                            + "\"version\":%d,\"public\":true}",
                    random.nextLong(),
                    1 + random.nextInt(28),
                    random.nextInt(24),
                    random.nextInt(60),
                    random.nextInt(60),
                    random.nextInt(1000),
                    random.nextInt(100_000_000),
                    random.nextInt(1_000_000),
                    random.nextBoolean() ? "DE" : "FR",
                    random.nextBoolean(),
                    random.nextInt(256),
                    random.nextInt(256),
                    random.nextInt(256),
                    60 + random.nextInt(60),
                    random.nextLong(),
                    random.nextInt(100_000),
                    random.nextInt(4000),
                    random.nextInt(3000),
                    10_000_000_000L + random.nextInt(1_000_000_000),
                    random.nextDouble() * 2000,
                    random.nextBoolean() ? "null" : "5.00",
                    random.nextDouble() * 30,
                    items,
                    random.nextInt(200),
                    random.nextInt(100_000),
                    52 + random.nextDouble(),
                    13 + random.nextDouble(),
                    random.nextBoolean(),
                    random.nextInt(5))));
        }
        return lines;
    }

    static List<Column> columns() {
        return List.of(
                Samples.column("id", "string"),
                Samples.column("created_at", "timestamptz"),
                Samples.column("actor_id", "long", "actor.id", null),
                Samples.column("actor_login", "string", "actor.login", null),
                Samples.column("country", "string", "actor.country", null),
                Samples.column("premium", "boolean", "actor.premium", null),
                Samples.column("ip", "string", "context.ip", null),
                Samples.column("agent", "string", "context.agent", null),
                Samples.column("session", "string", "context.session", null),
                Samples.column("page", "string", "context.page", null),
                Samples.column("screen", "struct<w: int, h: int>", "context.screen", null),
                Samples.column("order_id", "long", "payload.order_id", null),
                Samples.column("total", "decimal(12,2)", "payload.total", null),
                Samples.column("currency", "string", "payload.currency", null),
                Samples.column("discount", "decimal(12,2)", "payload.discount", null),
                Samples.column("weight", "float", "payload.weight", null),
                Samples.column(
                        "items",
                        "list<struct<sku: string, quantity: int, price: decimal(10,2)>>",
                        "payload.items",
                        null),
                Samples.column("note", "string", "payload.note", null),
                Samples.column("city", "string", "payload.shipping.city", null),
                Samples.column("zip", "string", "payload.shipping.zip", null),
                Samples.column("lat", "double", "payload.shipping.lat", null),
                Samples.column("lon", "double", "payload.shipping.lon", null),
                Samples.column("express", "boolean", "payload.shipping.express", null),
                Samples.column("version", "int"));
    }
}
