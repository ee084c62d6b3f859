package io.firn.table;

import java.util.Set;

/** A batch of topics entered into a pipeline's position. */
final class PositionAdvance implements Advance {
    private final LakeTable lake;
    private final String pipeline;
    private final TopicLoad load;
    private final PositionPointer now;

    PositionAdvance(LakeTable lake, String pipeline, TopicLoad load) {
        this.lake = lake;
        this.pipeline = pipeline;
        this.load = load;
        this.now = lake.positionPointer(pipeline);
    }

    @Override
    public String property() {
        return StatePointer.positionProperty(pipeline);
    }

    @Override
    public StatePointer before() {
        return now;
    }

    @Override
    public Load.Standing standing() {
        Load.Standing standing = load.standing(now);
        if (standing == Load.Standing.NOTHING && now != null) {
            load.next().gapAfter(now.state()).ifPresent(gap -> {
                throw new TableException("The batch of pipeline " + pipeline + " does not follow the position of table "
                        + lake.name() + ": " + gap + ". Publishing it would skip or repeat changes, so nothing was"
                        + " published.");
            });
        }
        return standing;
    }

    @Override
    public Set<String> replaced() {
        return load.replaced();
    }

    @Override
    public boolean mayTakeRowsOfOthers() {
        return load.replaced().isEmpty();
    }

    @Override
    public StatePointer after(String commit, String attempt) {
        return new PositionPointer(load.next(), lake.uuid().toString(), commit, attempt, null, null, null);
    }
}
