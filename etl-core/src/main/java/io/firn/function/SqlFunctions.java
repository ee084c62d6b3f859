package io.firn.function;

import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.UDFRegistration;

/**
 * SQL functions that a user's jar adds to every expression in YAML. The jar names the implementing class, which has a
 * public constructor without arguments, in {@code META-INF/services/io.firn.function.SqlFunctions} and is passed to
 * spark-submit with {@code --jars}.
 *
 * <p>A function must give the same result for the same arguments (loading a day again gives the same rows), must take
 * null, and must be serializable. Its name is in lower snake case and none that Spark or another jar has. An exception
 * that it throws quarantines the row.
 */
public interface SqlFunctions {

    /** Registers the functions, for example {@code functions.register("tidy", (String s) -> ..., StringType)}. */
    void register(UDFRegistration functions);

    /**
     * Registers the functions of all jars that the context class loader sees, once per session; call it before
     * expressions are compiled.
     *
     * @throws SqlFunctionsException when a jar's class cannot be loaded or registers what it must not
     */
    static void registerAll(SparkSession spark) {
        FunctionLoader.registerAll(spark);
    }
}
