package io.firn.load;

import java.io.Serializable;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

import io.firn.change.Change;
import io.firn.change.KafkaRecord;
import io.firn.change.Operation;
import io.firn.change.Position;

/**
 * The changes of keys that records tell of by halves: a delete under the former key and an insert under the new one,
 * which may lack values that only the deleted row has. A batch that ends between the two would lose them.
 */
final class KeyChanges implements Serializable {
    private static final String OLD_KEY = "__debezium.oldkey";
    private static final int MOST = 10_000;

    private final TreeMap<String, Half> deletes = new TreeMap<>();
    private final TreeMap<String, Half> inserts = new TreeMap<>();
    private final HashMap<Integer, String> last = new HashMap<>();

    /**
     * @param lacking whether it needs the other half
     * @param written when, in milliseconds
     */
    private record Half(int partition, long offset, boolean lacking, long written) implements Serializable {}

    /** Takes a task's next change. Logs that always tell whole rows are of no interest, and no place tells two halves. */
    void note(Change change, KafkaRecord record) {
        if (change.log() != null || !change.position().isInLog()) {
            return;
        }
        Position at = change.position();
        String place = at.place();
        last.merge(at.partition(), place, (one, other) -> one.compareTo(other) > 0 ? one : other);
        if (change.moved()) {
            inserts.remove(place);
            put(deletes, place, new Half(at.partition(), at.offset(), true, record.timestamp()));
        } else if (change.operation() == Operation.CREATE && tookKey(record) && deletes.remove(place) == null) {
            put(
                    inserts,
                    place,
                    new Half(at.partition(), at.offset(), !change.unavailable().isEmpty(), record.timestamp()));
        }
    }

    private static boolean tookKey(KafkaRecord record) {
        return record.headers().stream().anyMatch(header -> header.name().equals(OLD_KEY));
    }

    /** The newest are those that a batch may end between. */
    private static void put(NavigableMap<String, Half> halves, String place, Half half) {
        halves.put(place, half);
        if (halves.size() > MOST) {
            halves.pollFirstEntry();
        }
    }

    /** What all tasks saw. */
    static KeyChanges of(Collection<KeyChanges> tasks) {
        KeyChanges all = new KeyChanges();
        for (KeyChanges task : tasks) {
            all.deletes.putAll(task.deletes);
            all.inserts.putAll(task.inserts);
            task.last.forEach((partition, place) ->
                    all.last.merge(partition, place, (one, other) -> one.compareTo(other) > 0 ? one : other));
        }
        Set<String> whole = new HashSet<>(all.deletes.keySet());
        whole.retainAll(all.inserts.keySet());
        all.deletes.keySet().removeAll(whole);
        all.inserts.keySet().removeAll(whole);
        return all;
    }

    /**
     * Where the batch has to end, by partition, so that it takes no half whose other half is still to be read.
     *
     * @param partitions all of the topic
     * @param atEnd whether the batch ends where the topic does: an insert's other half would be there then
     * @param since deletes that were written before, in milliseconds, wait no more: an earlier batch had their other
     *     half, or it never comes
     */
    SortedMap<Integer, Long> ends(Set<Integer> partitions, boolean atEnd, long since) {
        SortedMap<Integer, Long> ends = new TreeMap<>();
        collect(deletes, partitions, since, ends);
        if (!atEnd) {
            collect(inserts, partitions, Long.MIN_VALUE, ends);
        }
        return ends;
    }

    /** Both halves are sent before anything later: they have been read where later changes have, in every partition. */
    private void collect(Map<String, Half> halves, Set<Integer> partitions, long since, SortedMap<Integer, Long> ends) {
        halves.forEach((place, half) -> {
            boolean passed = partitions.stream()
                    .allMatch(partition ->
                            last.containsKey(partition) && last.get(partition).compareTo(place) > 0);
            if (half.lacking && half.written >= since && !passed) {
                ends.merge(half.partition, half.offset, Math::min);
            }
        });
    }
}
