package io.firn.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.util.Set;
import java.util.TreeSet;

import org.apache.iceberg.TableProperties;
import org.junit.jupiter.api.Test;

/** The names are those of the Iceberg that Firn runs on. */
class KnownPropertiesTest {
    /** Prefixes of columns' properties, and names that Iceberg reserves. */
    private static final Set<String> APART = Set.of(
            "format-version",
            "uuid",
            "snapshot-count",
            "current-snapshot-summary",
            "current-snapshot-id",
            "current-snapshot-timestamp-ms",
            "current-schema",
            "default-partition-spec",
            "default-sort-order");

    @Test
    void everyPropertyOfIcebergIsKnown() throws IllegalAccessException {
        Set<String> names = new TreeSet<>();
        for (Field field : TableProperties.class.getFields()) {
            boolean isName = field.getType() == String.class
                    && !field.getName().endsWith("_DEFAULT")
                    && !field.getName().contains("_DEFAULT_SINCE_")
                    && !field.getName().startsWith("WRITE_DISTRIBUTION_MODE_");
            if (isName) {
                names.add((String) field.get(null));
            }
        }
        names.removeIf(name -> APART.contains(name) || name.endsWith(".") || name.startsWith("encryption."));

        assertThat(KnownProperties.all()).containsExactlyInAnyOrderElementsOf(names);
        assertThat(KnownProperties.column(TableProperties.PARQUET_COLUMN_STATS_ENABLED_PREFIX + "a.b"))
                .isEqualTo("a.b");
        assertThat(KnownProperties.column("write.parquet.page-size-bytes")).isNull();
    }
}
