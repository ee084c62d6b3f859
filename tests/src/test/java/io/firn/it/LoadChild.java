package io.firn.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

import org.apache.spark.sql.SparkSession;

import io.firn.Catalogs;
import io.firn.RunResult;
import io.firn.SparkExtension;

/**
 * Loads in a process of its own, which may be killed or raced: for each project's folder on standard input it says
 * {@code open}, waits for another line, loads {@link Workspace#DAY}, what topics hold now where that line is {@code drain},
 * erases where it is {@code erase TABLE CONDITION} or keeps tables where it is {@code maintain VERB TABLE...}, and says how
 * that ended.
 */
final class LoadChild {
    private LoadChild() {}

    public static void main(String[] args) throws IOException {
        SparkSession spark = SparkExtension.session();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String home = in.readLine(); home != null; home = in.readLine()) {
            Path folder = Path.of(home);
            try (Workspace workspace = Workspace.open(folder, spark, folder.resolve("pipeline.yaml"))) {
                say("open");
                String order = in.readLine();
                if (order == null) {
                    return;
                }
                if (order.startsWith("erase ")) {
                    String[] what = order.split(" ", 3);
                    try (Catalogs catalogs = ErasureTest.catalogs(workspace)) {
                        say("done "
                                + ErasureTest.erase(folder, workspace, catalogs, what[1], what[2])
                                        .outcome());
                    }
                    continue;
                }
                if (order.startsWith("maintain ")) {
                    List<String> what = List.of(order.split(" "));
                    say("done "
                            + UpkeptLake.maintain(workspace, what.get(1), what.subList(2, what.size()))
                                    .exit());
                    continue;
                }
                RunResult result = order.equals("drain") ? workspace.drain() : workspace.run();
                say("done " + result.exit() + " " + result.lines().loaded() + " " + result.problems());
            } catch (RuntimeException e) {
                say("failed " + e);
            }
        }
    }

    private static void say(String what) {
        System.out.println(what);
        System.out.flush();
    }
}
