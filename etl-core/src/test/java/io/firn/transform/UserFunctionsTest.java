package io.firn.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.SparkExtension;
import io.firn.function.SqlFunctions;
import io.firn.function.UserJar;
import io.firn.schema.Column;
import io.firn.schema.ColumnType.Scalar;

/** A user's jar that only a class loader below Firn's sees, as with {@code --jars}. */
@ExtendWith(SparkExtension.class)
final class UserFunctionsTest {
    private static final List<Column> IN = Rows.columns("id: long", "name: string");

    @TempDir
    private static Path folder;

    private static SparkSession session;
    private static ClassLoader before;
    private static URLClassLoader users;

    @BeforeAll
    static void useJar(SparkSession shared) throws IOException {
        Path jar = UserJar.build(folder, "example.TextFunctions", UserJar.TIDY);
        before = Thread.currentThread().getContextClassLoader();
        users = new URLClassLoader(new URL[] {jar.toUri().toURL()}, before);
        Thread.currentThread().setContextClassLoader(users);
        shared.sparkContext().addJar(jar.toString());
        session = shared.newSession();
        SqlFunctions.registerAll(session);
    }

    @AfterAll
    static void restore() throws IOException {
        Thread.currentThread().setContextClassLoader(before);
        users.close();
    }

    @Test
    void deriveAndFilterCallThem() {
        List<Transform> steps =
                List.of(new Derive("clean", Scalar.STRING, "tidy(name)"), new Filter("tidy(name) <> 'b'"));

        assertThat(Rows.run(session, IN, steps, 1L, "  A b")).isEqualTo("[1,  A b,a b]");
        assertThat(Rows.run(session, IN, steps, 1L, " B ")).isEqualTo("filtered");
        assertThat(Rows.run(session, IN, steps, 1L, null)).isEqualTo("filtered");
    }

    @Test
    void anExceptionQuarantinesTheRowWithoutItsValue() {
        List<Transform> steps = List.of(new Derive("n", Scalar.INT, "digits(name)"));

        assertThat(Rows.run(session, IN, steps, 1L, "12")).isEqualTo("[1,12,12]");
        assertThat(Rows.run(session, IN, steps, 1L, "secret"))
                .isEqualTo("n: expression failed: FAILED_EXECUTE_UDF (NumberFormatException)");
    }

    @Test
    void executorsRunThem() {
        RowProgram program = RowProgram.compile(
                session, IN, Rows.NO_METADATA, List.of(new Derive("clean", Scalar.STRING, "tidy(name)")));
        JavaSparkContext context = JavaSparkContext.fromSparkContext(session.sparkContext());

        List<String> clean = context.parallelize(List.of("  A", "B ", "c"), 2)
                .mapPartitions(names -> run(program, names))
                .collect();
        assertThat(clean).containsExactly("[1,  A,a]", "[1,B ,b]", "[1,c,c]");
    }

    @Test
    void whatCannotBeSentToExecutorsIsToldWhenCompiling() {
        Object lock = new Object();
        SparkSession own = session.newSession();
        own.udf()
                .register(
                        "locked",
                        (org.apache.spark.sql.api.java.UDF1<String, String>) s -> s + lock.hashCode(),
                        DataTypes.StringType);

        assertThatThrownBy(() -> {
                    RowProgram unused = RowProgram.compile(
                            own, IN, Rows.NO_METADATA, List.of(new Derive("l", Scalar.STRING, "locked(name)")));
                })
                .isInstanceOf(TransformException.class)
                .hasMessageContaining("java.lang.Object")
                .hasMessageEndingWith("a user function must be serializable, with all that it captures");
    }

    private static Iterator<String> run(RowProgram program, Iterator<String> names) {
        RowRunner runner = program.start();
        List<String> rows = new ArrayList<>();
        names.forEachRemaining(
                name -> rows.add(Rows.run(runner, program.output(), Rows.internal(Rows.schema(IN), 1L, name))));
        return rows.iterator();
    }
}
