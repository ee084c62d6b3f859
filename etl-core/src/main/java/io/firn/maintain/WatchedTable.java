package io.firn.maintain;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import org.apache.iceberg.BaseTable;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Table;

/**
 * A table that knows what became of the commits of its rewrites: an action of Iceberg's that goes on with the rest where
 * one fails only logs that.
 */
final class WatchedTable extends BaseTable {
    private final AtomicInteger open = new AtomicInteger();
    private final Queue<RuntimeException> failures = new ConcurrentLinkedQueue<>();

    WatchedTable(Table table) {
        super(((HasTableOperations) table).operations(), table.name());
    }

    /** How many rewrites were begun and did not get in. */
    int lost() {
        return open.get();
    }

    /** Why they did not, as far as their commits say. */
    List<RuntimeException> failures() {
        return List.copyOf(failures);
    }

    @Override
    public RewriteFiles newRewrite() {
        RewriteFiles rewrite = super.newRewrite();
        open.incrementAndGet();
        InvocationHandler watching = (proxy, method, arguments) -> {
            try {
                Object result = method.invoke(rewrite, arguments);
                if (method.getName().equals("commit")) {
                    open.decrementAndGet();
                }
                return result == rewrite ? proxy : result;
            } catch (InvocationTargetException e) {
                if (e.getCause() instanceof RuntimeException failure) {
                    failures.add(failure);
                }
                throw e.getCause();
            }
        };
        return (RewriteFiles) Proxy.newProxyInstance(
                RewriteFiles.class.getClassLoader(), new Class<?>[] {RewriteFiles.class}, watching);
    }
}
