package io.firn.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.SparkExtension;

@ExtendWith(SparkExtension.class)
final class SqlFunctionsTest {
    private final SparkSession spark;
    private final ClassLoader before = Thread.currentThread().getContextClassLoader();
    private URLClassLoader users;

    @TempDir
    private Path folder;

    SqlFunctionsTest(SparkSession shared) {
        this.spark = shared.newSession();
    }

    @AfterEach
    void restore() throws IOException {
        Thread.currentThread().setContextClassLoader(before);
        users.close();
    }

    @Test
    void functionsOfAJarAreRegisteredOncePerSession() throws IOException {
        use(UserJar.build(folder, "example.TextFunctions", UserJar.TIDY));
        System.clearProperty("example.registered");

        SqlFunctions.registerAll(spark);
        SqlFunctions.registerAll(spark);
        assertThat(System.getProperty("example.registered")).isEqualTo("x");

        SqlFunctions.registerAll(spark.newSession());
        assertThat(System.getProperty("example.registered")).isEqualTo("xx");
    }

    @Test
    void anEntryWithoutItsClassIsNamed() throws IOException {
        use(UserJar.pack(folder.resolve("empty.jar"), Files.createDirectory(folder.resolve("none")), "example.Gone"));

        assertThatThrownBy(() -> SqlFunctions.registerAll(spark))
                .isInstanceOf(SqlFunctionsException.class)
                .hasMessageContaining("Provider example.Gone not found")
                .hasMessageContaining("check META-INF/services/io.firn.function.SqlFunctions");
    }

    @Test
    void aProviderThatFailsIsNamedWithItsJar() throws IOException {
        register("throw new IllegalStateException(\"no licence\");");

        assertThatThrownBy(() -> SqlFunctions.registerAll(spark))
                .isInstanceOf(SqlFunctionsException.class)
                .hasMessageMatching("SQL functions example.Broken of .*functions.jar failed to register its functions:"
                        + " java.lang.IllegalStateException: no licence");
    }

    @Test
    void aFunctionMustNotHideSparks() throws IOException {
        register("functions.register(\"upper\", (UDF1<String, String>) s -> s, DataTypes.StringType);");

        assertThatThrownBy(() -> SqlFunctions.registerAll(spark))
                .isInstanceOf(SqlFunctionsException.class)
                .hasMessageContaining("example.Broken")
                .hasMessageEndingWith("registers \"upper\", which exists already; choose another name");
    }

    @Test
    void aNameMustBeSnakeCase() throws IOException {
        register("functions.register(\"2tidy-up\", (UDF1<String, String>) s -> s, DataTypes.StringType);");

        assertThatThrownBy(() -> SqlFunctions.registerAll(spark))
                .isInstanceOf(SqlFunctionsException.class)
                .hasMessageEndingWith("registers \"2tidy-up\"; write the name in lower snake case");
    }

    private void register(String body) throws IOException {
        String source =
                """
                package example;

                import io.firn.function.SqlFunctions;
                import org.apache.spark.sql.UDFRegistration;
                import org.apache.spark.sql.api.java.UDF1;
                import org.apache.spark.sql.types.DataTypes;

                public final class Broken implements SqlFunctions {
                    @Override
                    public void register(UDFRegistration functions) {
                        %s
                    }
                }
                """
                        .formatted(body);
        use(UserJar.build(folder, "example.Broken", source));
    }

    private void use(Path jar) throws IOException {
        users = new URLClassLoader(new URL[] {jar.toUri().toURL()}, before);
        Thread.currentThread().setContextClassLoader(users);
    }
}
