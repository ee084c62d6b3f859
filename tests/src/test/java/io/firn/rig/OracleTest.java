package io.firn.rig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import io.firn.SparkExtension;

/** The oracle sees what differs, and only that. */
@ExtendWith({RigExtension.class, SparkExtension.class})
class OracleTest {
    private final Rig rig;
    private final SparkSession spark;

    OracleTest(Rig rig, SparkSession spark) {
        this.rig = rig;
        this.spark = spark;
    }

    private Comparison compare(Database database, String table, String lake) {
        return Oracle.compare(database, table, spark.sql(lake));
    }

    @Test
    void rowsMeetByKey() {
        Database database = rig.postgres().database("oracle");
        database.execute(
                "CREATE TABLE keyed (a int, b text, n numeric(5,2), at timestamptz, PRIMARY KEY (b, a))",
                "INSERT INTO keyed VALUES (1, 'x', 1.50, '2026-01-01 01:00:00.000001+01'), (2, 'x', NULL, NULL)");
        String equal =
                "SELECT 2 AS a, 'x' AS b, CAST(NULL AS decimal(5,2)) AS n, CAST(NULL AS timestamp) AS at, 7 AS more"
                        + " UNION ALL SELECT 1, 'x', 1.5BD, timestamp'2026-01-01 00:00:00.000001Z', 7";

        assertThat(compare(database, "keyed", equal)).hasToString("keyed: all 2 rows equal");
        assertThat(compare(
                        database,
                        "keyed",
                        equal.replace("SELECT 2 ", "SELECT 3 ").replace("1.5BD", "1.51BD")))
                .hasToString(
                        """
                        keyed: 3 differences from the source's 2 rows
                          missing in the lake:
                            a=2, b=x, n=null, at=null
                          only in the lake:
                            a=3, b=x, n=null, at=null
                          different:
                            a=1, b=x n: source 1.5, lake 1.51""");
        assertThat(compare(database, "keyed", equal + " UNION ALL " + equal).extra())
                .containsExactly(
                        "a=2, b=x is there twice: a=2, b=x, n=null, at=null",
                        "a=1, b=x is there twice: a=1, b=x, n=1.5, at=2026-01-01T00:00:00.000001Z");
        assertThatThrownBy(() -> Oracle.assertEqual(database, "keyed", spark.sql("SELECT 1 AS a")))
                .hasMessage("the lake lacks column b of keyed");
    }

    @Test
    void rowsWithoutKeyCount() {
        Database database = rig.mariaDb().database("oracle");
        database.execute("CREATE TABLE keyless (a int, b varchar(5))", "INSERT INTO keyless VALUES (1, 'x'), (1, 'x')");

        assertThat(compare(database, "keyless", "SELECT 1 AS a, 'x' AS b UNION ALL SELECT 1, 'x'")
                        .isEqual())
                .isTrue();
        assertThat(compare(database, "keyless", "SELECT 1 AS a, 'x' AS b").missing())
                .containsExactly("a=1, b=x");
        assertThat(compare(database, "keyless", "SELECT explode(array(1, 1, 1)) AS a, 'x' AS b")
                        .extra())
                .containsExactly("a=1, b=x");
        assertThat(compare(database, "keyless", "SELECT 1 AS a, 'x' AS b UNION ALL SELECT 1, NULL")
                        .differences())
                .isEqualTo(2);
    }
}
