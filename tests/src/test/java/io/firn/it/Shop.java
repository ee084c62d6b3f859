package io.firn.it;

/** A small pipeline of two events, and lines for it. */
final class Shop {
    /** Sales and visits; {@code DEFAULTS} stands for the pipeline's defaults. */
    static final String YAML =
            """
            pipeline: shop
            source: {type: json-dump, path: "raw/{date}/", event-name: type, event-time: at}
            defaults: DEFAULTS
            events:
              sale:
                columns:
                  - {name: id, type: long, required: true}
                  - {name: amount, type: "decimal(10,2)"}
                  - {name: at, type: timestamptz, required: true}
              visit:
                columns:
                  - {name: id, type: long, required: true}
                  - {name: page, type: string}
            """;

    private Shop() {}

    /** The pipeline with {@code defaults}, as a YAML map without its braces. */
    static String yaml(String defaults) {
        return YAML.replace("DEFAULTS", "{" + defaults + "}");
    }

    /** The pipeline that lets any number of lines be quarantined. */
    static String yaml() {
        return yaml("max-quarantined: 1.0");
    }

    static String sale(long id) {
        return "{\"type\":\"sale\",\"id\":" + id + ",\"amount\":" + id + ".5,\"at\":\"2026-11-20T10:00:00Z\"}";
    }

    static String visit(long id) {
        return "{\"type\":\"visit\",\"id\":" + id + ",\"page\":\"/p/" + id + "\"}";
    }

    /** A sale whose amount is no number. */
    static String badSale(long id) {
        return sale(id).replace(id + ".5", "\"much\"");
    }
}
