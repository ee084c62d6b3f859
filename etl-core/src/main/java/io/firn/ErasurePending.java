package io.firn;

import java.util.ArrayList;
import java.util.List;

import org.apache.hadoop.conf.Configuration;

import io.firn.ErasurePlaces.Place;
import io.firn.maintain.ErasureFigures.Unnamed;
import io.firn.source.JsonDump;
import io.firn.source.TopicSource;

/** What is left after an erasure because it is not Firn's to erase, or not yet. */
final class ErasurePending {
    private final List<LoadedPipeline> pipelines;
    private final Configuration conf;

    ErasurePending(List<LoadedPipeline> pipelines, Configuration conf) {
        this.pipelines = pipelines;
        this.conf = conf;
    }

    List<String> of(List<Place> places) {
        List<String> pending = new ArrayList<>();
        for (Place place : places) {
            Unnamed files = place.erasure().unnamed();
            String name = place.table().name().text();
            if (files.files() > 0) {
                pending.add("%,d files (%,d bytes) at %s that no snapshot names: firn maintain remove-orphans %s"
                        .formatted(files.files(), files.bytes(), name, name));
            }
            if (!files.listed()) {
                pending.add("the files of " + name
                        + " cannot be listed here, so nothing is said of those that no snapshot names:"
                        + " firn maintain remove-orphans " + name);
            }
        }
        for (LoadedPipeline pipeline : pipelines) {
            String name = pipeline.pipeline().pipeline();
            StagingPlace staging = new StagingPlace(pipeline, conf);
            if (staging.holdsFiles()) {
                pending.add("staging data of runs of pipeline " + name + " at " + staging.root()
                        + ": it goes when those runs end, or a day after they died");
            }
            if (pipeline.pipeline().source() instanceof JsonDump dump) {
                pending.add("the source of pipeline " + name + ", " + dump.path()
                        + ", is not Firn's to erase: a file that is loaded again brings its rows back");
            } else if (pipeline.pipeline().source() instanceof TopicSource topics) {
                pending.add("the source of pipeline " + name + ", "
                        + (topics.topic() == null ? "topics " + topics.topicPattern() : "topic " + topics.topic())
                        + ", is not Firn's to erase: records that are read again bring their rows back");
            }
        }
        return pending;
    }
}
