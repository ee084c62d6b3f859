package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The page on schemas that change, whose tables are what tests show. */
final class SchemaPage {
    private static final Path FILE = Path.of("..", "docs", "schema-evolution.md");

    private SchemaPage() {}

    /** Holds the page's part of that name against what was shown; {@code -Dfirn.docs.write=true} writes it. */
    static void holds(String part, String shown, Class<?> test) throws IOException {
        String begin = "<!-- shown: " + part + " -->\n";
        String end = "<!-- end: " + part + " -->";
        String page = Files.readString(FILE);
        assertThat(page).contains(begin, end);
        int from = page.indexOf(begin) + begin.length();
        if (Boolean.getBoolean("firn.docs.write")) {
            page = page.substring(0, from) + shown + page.substring(page.indexOf(end));
            Files.writeString(FILE, page);
        }
        assertThat(page.substring(from, page.indexOf(end)))
                .as(
                        "%s is not what the test shows; rewrite it with%n  mvn -pl tests test -Dtest=%s -Dfirn.docs.write=true",
                        FILE, test.getSimpleName())
                .isEqualTo(shown);
    }
}
