package io.firn.function;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

import javax.tools.ToolProvider;

/** Builds a jar of SQL functions from source, as a user's own build does. */
public final class UserJar {
    private static final String SERVICE = "META-INF/services/io.firn.function.SqlFunctions";

    /** The example: {@code tidy(text)}, trimmed and in lower case. */
    public static final String TIDY =
            """
            package example;

            import io.firn.function.SqlFunctions;
            import java.util.Locale;
            import org.apache.spark.sql.UDFRegistration;
            import org.apache.spark.sql.api.java.UDF1;
            import org.apache.spark.sql.types.DataTypes;

            public final class TextFunctions implements SqlFunctions {
                @Override
                public void register(UDFRegistration functions) {
                    System.setProperty("example.registered", System.getProperty("example.registered", "") + "x");
                    functions.register(
                            "tidy",
                            (UDF1<String, String>) s -> s == null ? null : s.strip().toLowerCase(Locale.ROOT),
                            DataTypes.StringType);
                    functions.register(
                            "digits",
                            (UDF1<String, Integer>) s -> s == null ? null : Integer.valueOf(s),
                            DataTypes.IntegerType);
                }
            }
            """;

    private UserJar() {}

    /** Compiles {@code source}, whose class is {@code name}, and packs it with its service entry. */
    public static Path build(Path folder, String name, String source) {
        try {
            Path classes = Files.createDirectories(folder.resolve("classes"));
            Path file = Files.writeString(folder.resolve(name.substring(name.lastIndexOf('.') + 1) + ".java"), source);
            List<String> arguments = List.of(
                    "-proc:none",
                    "-cp",
                    System.getProperty("java.class.path"),
                    "-d",
                    classes.toString(),
                    file.toString());
            int status = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
            if (status != 0) {
                throw new IllegalStateException("the example does not compile");
            }
            return pack(folder.resolve("functions.jar"), classes, name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A jar whose service entry names {@code provider}, with all classes below a folder. */
    static Path pack(Path jar, Path classes, String provider) throws IOException {
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out);
                Stream<Path> files = Files.walk(classes)) {
            entries.putNextEntry(new JarEntry(SERVICE));
            entries.write(provider.getBytes(StandardCharsets.UTF_8));
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                entries.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, entries);
            }
        }
        return jar;
    }
}
