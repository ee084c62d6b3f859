package io.firn.load;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.firn.load.TaskResult.EventResult;
import io.firn.load.TaskResult.FileCounts;
import io.firn.table.StagedFile;

/**
 * What a load wrote but nobody sees yet: data files in the tables' own locations, and what every line came to.
 *
 * @param files lines, quarantined lines and damage by source file
 * @param events by event name
 * @param quarantine files of refused lines
 * @param notListed lines by event name that the pipeline does not list
 * @param skipped lines of events whose tables do not want their file
 * @param aside lines that wait for wider columns; no event counts them
 */
public record Staged(
        Map<String, FileCounts> files,
        Map<String, EventResult> events,
        List<StagedFile> quarantine,
        Map<String, Long> notListed,
        long skipped,
        List<AsideFile> aside) {
    /** Nothing. */
    public static final Staged NONE = new Staged(Map.of(), Map.of(), List.of(), Map.of(), 0, List.of());

    static Staged of(List<TaskResult> results) {
        Map<String, FileCounts> files = new TreeMap<>();
        Map<String, EventResult> events = new LinkedHashMap<>();
        List<StagedFile> quarantine = new ArrayList<>();
        Map<String, Long> notListed = new TreeMap<>();
        List<AsideFile> aside = new ArrayList<>();
        long skipped = 0;
        for (TaskResult result : results) {
            result.files().forEach((path, counts) -> files.merge(path, counts, FileCounts::plus));
            result.events().forEach((event, counts) -> events.merge(event, counts, EventResult::plus));
            quarantine.addAll(result.quarantine());
            skipped += result.skipped();
            aside.addAll(result.aside());
            result.notListed().forEach((event, lines) -> notListed.merge(event, lines, Long::sum));
        }
        return new Staged(files, events, quarantine, notListed, skipped, aside);
    }

    /** This with what became of the lines that were set aside. */
    public Staged plus(Staged second) {
        Map<String, FileCounts> allFiles = new TreeMap<>(files);
        second.files.forEach((path, counts) -> allFiles.merge(path, counts, FileCounts::plus));
        Map<String, EventResult> allEvents = new LinkedHashMap<>(events);
        second.events.forEach((event, counts) -> allEvents.merge(event, counts, EventResult::plus));
        List<StagedFile> allQuarantine = new ArrayList<>(quarantine);
        allQuarantine.addAll(second.quarantine);
        return new Staged(allFiles, allEvents, allQuarantine, notListed, skipped, List.of());
    }

    /** What a source file's lines came to. */
    public FileCounts file(String path) {
        return files.getOrDefault(path, FileCounts.NONE);
    }

    /** What an event's lines came to; nothing where it had none. */
    public EventResult event(String name) {
        return events.getOrDefault(name, EventResult.NONE);
    }

    public long lines() {
        return files.values().stream().mapToLong(FileCounts::lines).sum();
    }

    /** Rows of the quarantine: refused lines, and one for each damaged file. */
    public long quarantined() {
        return files.values().stream().mapToLong(FileCounts::quarantined).sum();
    }

    /** Lines that were refused. */
    public long refusedLines() {
        return quarantined() - damaged().size();
    }

    /** Files that could not be read to their end, with the reason. */
    public Map<String, String> damaged() {
        Map<String, String> damaged = new TreeMap<>();
        files.forEach((path, counts) -> {
            if (counts.damage() != null) {
                damaged.put(path, counts.damage());
            }
        });
        return damaged;
    }
}
