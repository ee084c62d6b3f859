package io.firn.table;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * One batch of topics: what the table's position becomes.
 *
 * @param next every partition that the position knows, going on where it ended, and new ones
 * @param planned {@link TopicPosition#commit} of the position that the batch was planned on; null: there was none
 * @param replaced the {@link LoadColumns#FILE} of rows that go first, as the publication's row removal deletes them
 */
public record TopicLoad(TopicState next, String planned, Set<String> replaced) {
    public TopicLoad {
        replaced = Set.copyOf(replaced);
    }

    /** A batch that no rows have to make room for. */
    public TopicLoad(TopicState next, String planned) {
        this(next, planned, Set.of());
    }

    /** A batch that follows a position. */
    public static TopicLoad after(Optional<TopicPosition> position, TopicState next) {
        return new TopicLoad(next, position.map(TopicPosition::commit).orElse(null));
    }

    Load.Standing standing(PositionPointer now) {
        if (Objects.equals(now == null ? null : now.commit(), planned)) {
            return Load.Standing.NOTHING;
        }
        return now != null && now.state().reaches(next) ? Load.Standing.ALL : Load.Standing.OVERTAKEN;
    }
}
