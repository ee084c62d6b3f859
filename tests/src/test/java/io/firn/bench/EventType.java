package io.firn.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

import io.firn.schema.Column;
import io.firn.schema.ColumnType;
import io.firn.schema.JsonPath;

/** One type of a shop's click stream: its columns, and lines of it. */
final class EventType {
    static final int ID_STARTS = "{\"event_id\":\"".length();
    private static final String[] ACTIONS = {
        "page_view",
        "product_view",
        "search",
        "add_to_cart",
        "remove_from_cart",
        "checkout_step",
        "purchase",
        "refund",
        "login",
        "logout",
        "sign_up",
        "review",
        "wish",
        "share",
        "impression",
        "click",
        "scroll",
        "error",
        "delivery",
        "payment"
    };
    private static final int OWN_FIELDS = 11;

    private final String name;
    private final List<Column> columns = new ArrayList<>();
    private final List<byte[]> texts = new ArrayList<>();
    private final List<Value> values = new ArrayList<>();
    private final byte[] end;
    private StringBuilder text = new StringBuilder();
    private int userIdAt;

    /** All types of a dump on a day; the same arguments give the same types. */
    static List<EventType> all(int count, String date) {
        List<EventType> types = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String round = i < ACTIONS.length ? "" : "_" + (i / ACTIONS.length + 1);
            types.add(new EventType(ACTIONS[i % ACTIONS.length] + round, i, date));
        }
        return types;
    }

    private EventType(String name, int seed, String date) {
        this.name = name;
        text.append('{');
        add("event_id", "string", "event_id", Value.uuid());
        text.append(",\"event\":\"").append(name).append('"');
        add("event_time", "timestamptz", "event_time", Value.moment(date));
        text.append(",\"v\":3"); // no column names it: dumps always hold a little more
        open("user");
        userIdAt = values.size();
        add("user_id", "long", "user.id", Value.number(1_000_000, 9_000_000));
        add("session", "string", "user.session", Value.hex("", 20));
        add("country", "string", "user.country", Value.oneOf("DE", "AT", "CH", "FR", "IT", "NL", "PL", "US"));
        add("member", "boolean", "user.member", Value.truth(0.3));
        close();
        add(
                "device",
                "struct<os: string, model: string, app: string, screen: struct<w: int, h: int>>",
                "device",
                device());
        open("context");
        add("ip", "string", "context.ip", Value.address());
        add("user_agent", "string", "context.user_agent", userAgent());
        add("url", "string", "context.url", Value.hex("https://shop.example.com/catalog/item/", 12));
        add(
                "referrer",
                "string",
                "context.referrer",
                Value.hex("https://search.example.org/?q=", 8).orNull(0.4));
        close();
        open("payload");
        List<Runnable> own = own();
        Collections.shuffle(own, new Random(seed));
        own.subList(0, OWN_FIELDS + seed % 3).forEach(Runnable::run);
        close();
        end = Value.ascii(text + "}");
    }

    private List<Runnable> own() {
        String items = "list<struct<sku: string, qty: int, price: double>>";
        Value item = Value.object("sku", Value.hex("SKU-", 7), "qty", Value.whole(9), "price", Value.cents(20_000));
        String shipping = "struct<city: string, zip: string, method: string>";
        Value ship = Value.object(
                "city",
                Value.oneOf("Berlin", "Wien", "Bern", "Paris", "Roma", "Utrecht"),
                "zip",
                Value.hex("", 5),
                "method",
                Value.oneOf("standard", "express", "pickup"));
        return new ArrayList<>(List.of(
                () -> own("order_id", "string", Value.hex("O-", 10)),
                () -> own("product_id", "long", Value.number(100_000, 90_000_000)),
                () -> own("category", "string", Value.oneOf("shoes", "bags", "books", "garden", "kitchen", "toys")),
                () -> own("quantity", "int", Value.whole(20)),
                () -> own("amount", "double", Value.cents(500_000)),
                () -> own("currency", "string", Value.oneOf("EUR", "CHF", "USD")),
                () -> own("score", "double", Value.cents(100)),
                () -> own("in_stock", "boolean", Value.truth(0.9)),
                () -> own("coupon", "string", Value.hex("C", 6).orNull(0.8)),
                () -> own("query", "string", Value.words(1, 5)),
                () -> own("results", "int", Value.whole(500)),
                () -> own("duration_ms", "long", Value.number(1, 600_000)),
                () -> own("method", "string", Value.oneOf("card", "invoice", "wallet", "transfer")),
                () -> own("message", "string", Value.words(4, 14)),
                () -> own("experiment", "string", Value.hex("exp-", 3)),
                () -> own(
                        "delivered_at",
                        "timestamptz",
                        Value.moment("2026-01-20").orNull(0.5)),
                () -> own("tags", "list<string>", Value.list(Value.oneOf("new", "sale", "eco", "top"), 4)),
                () -> own("items", items, Value.list(item, 5)),
                () -> own("shipping", shipping, ship)));
    }

    private static Value device() {
        return Value.object(
                "os",
                Value.oneOf("ios", "android", "windows", "macos", "linux"),
                "model",
                Value.hex("M", 2),
                "app",
                Value.oneOf("5.12.0", "5.12.1", "5.13.0"),
                "screen",
                Value.object("w", Value.whole(4000), "h", Value.whole(3000)));
    }

    private static Value userAgent() {
        String[] agents = new String[40];
        for (int i = 0; i < agents.length; i++) {
            agents[i] = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/" + (100 + i)
                    + ".0.0.0 Safari/537.36";
        }
        return Value.oneOf(agents);
    }

    private void own(String column, String type, Value value) {
        add(column, type, "payload." + column, value);
    }

    private void add(String column, String type, String path, Value value) {
        JsonPath location = JsonPath.parse(path);
        key(location.keys().get(location.keys().size() - 1));
        texts.add(Value.ascii(text.toString()));
        text = new StringBuilder();
        values.add(value);
        boolean renamed = !path.equals(column);
        columns.add(new Column(column, ColumnType.parse(type), renamed ? location : null, null, false, null));
    }

    private void open(String key) {
        key(key);
        text.append('{');
    }

    private void close() {
        text.append('}');
    }

    private void key(String key) {
        boolean first = text.length() > 0 && text.charAt(text.length() - 1) == '{';
        text.append(first ? "\"" : ",\"").append(key).append("\":");
    }

    String name() {
        return name;
    }

    List<Column> columns() {
        return columns;
    }

    /** Writes a line without its end; returns where the user's id begins in it. */
    int write(LineBuffer out, SplittableRandom random) {
        int userId = 0;
        for (int i = 0; i < values.size(); i++) {
            out.put(texts.get(i));
            if (i == userIdAt) {
                userId = out.length();
            }
            values.get(i).write(out, random);
        }
        out.put(end);
        return userId;
    }
}
