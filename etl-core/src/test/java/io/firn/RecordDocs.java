package io.firn;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the Javadoc of a record says, read from its source. */
record RecordDocs(String summary, Map<String, String> parameters) {
    private static final Path SOURCES = Path.of("src/main/java");

    static RecordDocs of(Class<?> type) {
        try {
            String source = Files.readString(SOURCES.resolve(type.getName().replace('.', '/') + ".java"));
            Matcher doc = Pattern.compile(
                            "/\\*\\*((?:(?!\\*/).)*)\\*/\\s*public record " + type.getSimpleName() + "\\b",
                            Pattern.DOTALL)
                    .matcher(source);
            if (!doc.find()) {
                throw new IllegalStateException(type + " has no Javadoc");
            }
            return parse(doc.group(1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RecordDocs parse(String doc) {
        String text = doc.replaceAll("(?m)^\\s*\\*? ?", " ")
                .replaceAll("\\s+", " ")
                .replaceAll("\\{@\\w+ #?((?:[^{}]|\\{[^{}]*\\})*)\\}", "$1");
        String[] parts = text.split("@param ");
        Map<String, String> parameters = new LinkedHashMap<>();
        for (int i = 1; i < parts.length; i++) {
            String[] nameAndText = parts[i].trim().split(" ", 2);
            parameters.put(nameAndText[0], nameAndText[1]);
        }
        String firstSentence = parts[0].trim().replaceAll("(?s)(\\.) [A-Z<].*| <.*", "$1");
        return new RecordDocs(firstSentence, parameters);
    }

    /** A component whose description says what null means may be left out. */
    boolean optional(String parameter) {
        return parameters.getOrDefault(parameter, "").matches(".*\\bnull\\b.*");
    }

    /** For people who write YAML: what is left out is not null to them. */
    String description(String parameter) {
        String text = parameters.get(parameter);
        return text == null
                ? null
                : text.replaceAll("[;,]? (or null|null if nowhere)$", "").replace("null:", "default:");
    }
}
