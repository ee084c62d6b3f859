package io.firn.function;

import static scala.jdk.javaapi.CollectionConverters.asJava;

import java.security.CodeSource;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.regex.Pattern;

import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry;

/** Finds the providers of SQL functions and registers each once per session. */
final class FunctionLoader {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");
    private static final Map<SparkSession, Set<Class<?>>> REGISTERED = Collections.synchronizedMap(new WeakHashMap<>());

    private FunctionLoader() {}

    static void registerAll(SparkSession spark) {
        Set<Class<?>> registered = REGISTERED.computeIfAbsent(spark, s -> Collections.synchronizedSet(new HashSet<>()));
        Iterator<SqlFunctions> providers =
                ServiceLoader.load(SqlFunctions.class).iterator();
        while (true) {
            SqlFunctions provider = next(providers);
            if (provider == null) {
                return;
            }
            if (registered.add(provider.getClass())) {
                register(provider, spark);
            }
        }
    }

    private static SqlFunctions next(Iterator<SqlFunctions> providers) {
        try {
            return providers.hasNext() ? providers.next() : null;
        } catch (ServiceConfigurationError | LinkageError e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new SqlFunctionsException(
                    "SQL functions of a user's jar cannot be loaded: " + e.getMessage() + " (" + cause
                            + "); check META-INF/services/" + SqlFunctions.class.getName() + " and that the jar holds"
                            + " all that its class needs",
                    e);
        }
    }

    private static void register(SqlFunctions provider, SparkSession spark) {
        FunctionRegistry registry = ((org.apache.spark.sql.classic.SparkSession) spark)
                .sessionState()
                .functionRegistry();
        Map<FunctionIdentifier, Object> before = builders(registry);
        try {
            provider.register(spark.udf());
        } catch (Exception | LinkageError e) {
            throw new SqlFunctionsException(named(provider) + " failed to register its functions: " + e, e);
        }
        builders(registry).forEach((function, builder) -> check(provider, function, before.get(function), builder));
    }

    private static void check(SqlFunctions provider, FunctionIdentifier function, Object before, Object after) {
        String name = function.funcName();
        if (before == null && !NAME.matcher(name).matches()) {
            throw new SqlFunctionsException(
                    named(provider) + " registers \"" + name + "\"; write the name in lower snake case", null);
        }
        if (before != null && before != after) {
            throw new SqlFunctionsException(
                    named(provider) + " registers \"" + name + "\", which exists already; choose another name", null);
        }
    }

    private static Map<FunctionIdentifier, Object> builders(FunctionRegistry registry) {
        Map<FunctionIdentifier, Object> builders = new HashMap<>();
        for (FunctionIdentifier function : asJava(registry.listFunction())) {
            builders.put(function, registry.lookupFunctionBuilder(function).get());
        }
        return builders;
    }

    private static String named(SqlFunctions provider) {
        CodeSource source = provider.getClass().getProtectionDomain().getCodeSource();
        String jar = source == null || source.getLocation() == null
                ? "an unknown place"
                : source.getLocation().getPath();
        return "SQL functions " + provider.getClass().getName() + " of " + jar;
    }
}
