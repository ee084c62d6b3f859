package io.firn.rig;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/**
 * PostgreSQL's pgbench over JDBC, as {@code pgbench -i -s scale} and {@code pgbench -n}: its tables and its TPC-B-like
 * script.
 */
public record Pgbench(PostgresDatabase database, int scale) {
    /** The tables; history has no key. */
    public static final List<String> TABLES =
            List.of("pgbench_accounts", "pgbench_branches", "pgbench_tellers", "pgbench_history");

    private static final int ACCOUNTS = 100_000;
    private static final int TELLERS = 10;

    /** Creates the tables and fills them. */
    public void init() {
        database.execute(
                "CREATE TABLE pgbench_history (tid int, bid int, aid int, delta int, mtime timestamp, filler char(22))",
                "CREATE TABLE pgbench_tellers (tid int NOT NULL, bid int, tbalance int, filler char(84))",
                "CREATE TABLE pgbench_accounts (aid int NOT NULL, bid int, abalance int, filler char(84))",
                "CREATE TABLE pgbench_branches (bid int NOT NULL, bbalance int, filler char(88))",
                "INSERT INTO pgbench_branches SELECT b, 0 FROM generate_series(1, %d) b".formatted(scale),
                "INSERT INTO pgbench_tellers SELECT t, (t - 1) / %d + 1, 0 FROM generate_series(1, %d) t"
                        .formatted(TELLERS, TELLERS * scale),
                "INSERT INTO pgbench_accounts SELECT a, (a - 1) / %d + 1, 0, '' FROM generate_series(1, %d) a"
                        .formatted(ACCOUNTS, ACCOUNTS * scale),
                "ALTER TABLE pgbench_branches ADD PRIMARY KEY (bid)",
                "ALTER TABLE pgbench_tellers ADD PRIMARY KEY (tid)",
                "ALTER TABLE pgbench_accounts ADD PRIMARY KEY (aid)");
    }

    /** Runs the script in several clients at once, each {@code transactions} times; returns when all are done. */
    public void run(int clients, int transactions, long seed) {
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        try {
            SplittableRandom seeds = new SplittableRandom(seed);
            CompletableFuture.allOf(IntStream.range(0, clients)
                            .mapToObj(c -> seeds.split())
                            .map(random -> CompletableFuture.runAsync(() -> client(transactions, random), threads))
                            .toArray(CompletableFuture[]::new))
                    .join();
        } finally {
            threads.shutdown();
        }
    }

    private void client(int transactions, SplittableRandom random) {
        try (Connection connection = database.connect();
                PreparedStatement account = connection.prepareStatement(
                        "UPDATE pgbench_accounts SET abalance = abalance + ? WHERE aid = ?");
                PreparedStatement balance =
                        connection.prepareStatement("SELECT abalance FROM pgbench_accounts WHERE aid = ?");
                PreparedStatement teller = connection.prepareStatement(
                        "UPDATE pgbench_tellers SET tbalance = tbalance + ? WHERE tid = ?");
                PreparedStatement branch = connection.prepareStatement(
                        "UPDATE pgbench_branches SET bbalance = bbalance + ? WHERE bid = ?");
                PreparedStatement history = connection.prepareStatement(
                        "INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES (?, ?, ?, ?, CURRENT_TIMESTAMP)")) {
            connection.setAutoCommit(false);
            for (int i = 0; i < transactions; i++) {
                int aid = random.nextInt(1, ACCOUNTS * scale + 1);
                int bid = random.nextInt(1, scale + 1);
                int tid = random.nextInt(1, TELLERS * scale + 1);
                int delta = random.nextInt(-5_000, 5_001);
                execute(account, delta, aid);
                execute(balance, aid);
                execute(teller, delta, tid);
                execute(branch, delta, bid);
                execute(history, tid, bid, aid, delta);
                connection.commit();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private static void execute(PreparedStatement statement, int... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setInt(i + 1, values[i]);
        }
        statement.execute();
    }
}
