package io.firn.decode;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import io.firn.schema.Column;
import io.firn.schema.ColumnType;
import io.firn.schema.Format;
import io.firn.schema.JsonPath;

/** Real events, and columns for them in all ways columns can be written. */
public final class Samples {
    private Samples() {}

    public static List<byte[]> events() {
        return lines("github-events.jsonl");
    }

    public static List<byte[]> typed() {
        return lines("typed.jsonl");
    }

    static Column column(String name, String type) {
        return column(name, type, name, null);
    }

    static Column column(String name, String type, String path, String format) {
        return new Column(
                name,
                ColumnType.parse(type),
                JsonPath.parse(path),
                format == null ? null : Format.parse(format),
                false,
                null);
    }

    static Column required(Column column) {
        return new Column(column.name(), column.type(), column.path(), column.format(), true, null);
    }

    /** Columns of all events: shared paths, paths below other columns, structs in lists. */
    public static List<Column> eventColumns() {
        return List.of(
                required(column("id", "string")),
                required(column("type", "string")),
                required(column("created_at", "timestamptz")),
                column("created_day", "date", "created_at", "uuuu-MM-dd'T'HH:mm:ssX"),
                column("created_text", "string", "created_at", null),
                column("is_public", "boolean", "public", null),
                column("actor", "struct<id: long not null, login: string not null, gravatar_id: string>"),
                column("actor_login", "string", "actor.login", null),
                column("repo_id", "long", "repo.id", null),
                column("repo_name", "string", "repo.name", null),
                column("org", "map<string, string>", "org", "json"),
                column("org_id", "int", "org.id", null),
                column("payload", "string", "payload", "json"),
                column("ref", "string", "payload.ref", null),
                column("push_id", "decimal(12,2)", "payload.push_id", null),
                column("size", "int", "payload.size", null),
                column("distinct_size", "double", "payload.distinct_size", null),
                column(
                        "commits",
                        "list<struct<sha: string, author: struct<name: string, email: string>, message: string,"
                                + " distinct: boolean not null>>",
                        "payload.commits",
                        null),
                column("commit_texts", "list<string>", "payload.commits", "json"),
                column("action", "string", "payload.action", null),
                column("issue", "string", "payload.issue", "json"),
                column("issue_number", "float", "payload.issue.number", null),
                column("labels", "list<struct<id: long, color: string>>", "payload.issue.labels", null),
                column("pr_created", "timestamptz", "payload.pull_request.created_at", null),
                column("pr_merged", "boolean", "payload.pull_request.merged", null),
                column("head_repo", "struct<id: long, forks: int>", "payload.pull_request.head.repo", null));
    }

    /** The same events with fewer columns, so that most of a line is passed over. */
    public static List<Column> fewColumns() {
        return List.of(column("type", "string"), column("size", "long", "payload.size", null));
    }

    /** One column of every type and format, for {@link #typed()}. */
    public static List<Column> typedColumns() {
        return List.of(
                column("b", "boolean"),
                column("i", "int"),
                column("l", "long"),
                column("f", "float"),
                column("d", "double"),
                column("m", "decimal(9,2)"),
                column("big", "decimal(38,10)"),
                column("day", "date"),
                column("ts", "timestamp"),
                column("tz", "timestamptz"),
                column("s", "string"),
                column("u", "uuid"),
                column("b64", "binary"),
                column("x", "binary", "x", "hex"),
                column("fix", "fixed[4]", "fix", "hex"),
                column("es", "timestamptz", "es", "epoch-seconds"),
                column("em", "timestamp", "em", "epoch-millis"),
                column("ed", "date", "em", "epoch-millis"),
                column("p", "timestamp", "p", "dd.MM.uuuu HH:mm:ss"),
                column("pz", "timestamptz", "pz", "uuuu-MM-dd HH:mm:ssxxx"),
                column("j", "string", "j", "json"),
                column("ll", "list<list<int>>"),
                column("lf", "list<float>"),
                column("ms", "map<string, struct<a: decimal(20,3), t: list<timestamptz> not null>>"),
                column("st", "struct<d: date, inner: struct<`odd.key`: double, q: boolean>>"));
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<byte[]> lines(String name) {
        try (InputStream in = Samples.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(Samples::utf8)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
