package io.firn;

import java.io.IOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

import io.firn.decode.DecodedRow;
import io.firn.decode.LineDecoder;
import io.firn.init.Discovery;
import io.firn.init.Discovery.Spot;
import io.firn.init.FieldSurvey;
import io.firn.load.AsideFile;
import io.firn.load.AsideLines;
import io.firn.load.LoadPlan;
import io.firn.load.LoadPlan.EventPlan;

/** The Spark job that looks through all lines set aside for what no column takes; a task for each file of them. */
final class LineSurvey {
    private final LoadPlan plan;
    private final Map<Integer, Lane> lanes = new HashMap<>();

    /** One event's lines within a task. */
    private record Lane(LineDecoder decoder, DecodedRow row, FieldSurvey survey) {}

    private LineSurvey(LoadPlan plan) {
        this.plan = plan;
    }

    /** By the event's index in the plan that set the lines aside. */
    static Map<Integer, Discovery> run(SparkSession spark, LoadPlan plan, List<AsideFile> files) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Broadcast<LoadPlan> shared = context.broadcast(plan);
        Broadcast<SerializableConfiguration> conf =
                context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
        try {
            return context.parallelize(files, Math.max(1, files.size()))
                    .map(file ->
                            new LineSurvey(shared.value()).of(file, conf.value().value()))
                    .treeReduce(LineSurvey::merged);
        } finally {
            shared.destroy();
            conf.destroy();
        }
    }

    private static Map<Integer, Discovery> merged(Map<Integer, Discovery> one, Map<Integer, Discovery> other) {
        Map<Integer, Discovery> both = new HashMap<>(one);
        other.forEach((event, found) -> both.merge(event, found, Discovery::plus));
        return both;
    }

    private Map<Integer, Discovery> of(AsideFile file, Configuration conf) throws IOException {
        try (AsideLines lines = new AsideLines(file, conf)) {
            while (lines.next()) {
                Lane lane = lanes.computeIfAbsent(lines.event(), this::lane);
                if (lane.decoder.decode(lines.bytes(), 0, lines.length(), lane.row) == null) {
                    BitSet misfits = lane.decoder.misfits();
                    Spot spot = new Spot(lines.file(), lines.offset(), lines.number());
                    lane.survey.observe(lines.bytes(), lines.length(), misfits, spot);
                }
            }
        }
        Map<Integer, Discovery> found = new HashMap<>();
        lanes.forEach((event, lane) -> found.put(event, lane.survey.found()));
        return found;
    }

    private Lane lane(int event) {
        EventPlan events = plan.events().get(event);
        LineDecoder decoder = events.decoder(plan.known(), 0);
        return new Lane(decoder, decoder.row(), new FieldSurvey(events.columns(), events.alternatives(), plan.known()));
    }
}
