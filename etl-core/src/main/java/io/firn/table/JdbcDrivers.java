package io.firn.table;

import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ServiceLoader;

import org.apache.iceberg.CatalogUtil;
import org.apache.spark.sql.execution.datasources.jdbc.DriverWrapper;

/**
 * The JDBC drivers beside Firn, made known to Iceberg: {@code spark-submit} loads the application's jars below Spark's own,
 * and {@link DriverManager} gives a driver only to those that could load it themselves.
 */
final class JdbcDrivers {
    private static boolean shared;

    private JdbcDrivers() {}

    /** May be called again. */
    static synchronized void shareWithIceberg() {
        if (shared) {
            return;
        }
        ClassLoader iceberg = CatalogUtil.class.getClassLoader();
        // Not the thread's class loader: threads of a common pool have that of the cluster.
        for (Driver driver : ServiceLoader.load(Driver.class, JdbcDrivers.class.getClassLoader())) {
            if (!sees(iceberg, driver.getClass())) {
                share(driver);
            }
        }
        shared = true;
    }

    private static boolean sees(ClassLoader loader, Class<?> type) {
        try {
            return Class.forName(type.getName(), false, loader) == type;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** In a class of Spark's, which everybody sees. */
    private static void share(Driver driver) {
        try {
            DriverManager.registerDriver(new DriverWrapper(driver));
        } catch (SQLException e) {
            throw new TableException(
                    "The JDBC driver " + driver.getClass().getName() + " cannot be used: " + e.getMessage(), e);
        }
    }
}
