package io.firn.jobs;

import java.util.List;

import io.firn.TablePlan;
import io.firn.table.TableChange.Effect;

/** Tables and how they differ, or differed, from their definitions, for people. */
final class TablePlanText {
    /** Whether changes are made or only told. */
    enum Tense {
        PLANNED,
        DONE
    }

    private TablePlanText() {}

    static String of(List<TablePlan> plans, Tense tense) {
        StringBuilder out = new StringBuilder();
        for (TablePlan plan : plans) {
            out.append(plan.table()).append("  ").append(action(plan, tense)).append('\n');
            plan.changes()
                    .forEach(change ->
                            out.append(sign(change)).append(change.text()).append('\n'));
            if (plan.error() != null) {
                plan.error()
                        .lines()
                        .forEach(line -> out.append("  ! ").append(line.strip()).append('\n'));
            }
        }
        boolean destructive = plans.stream()
                .flatMap(plan -> plan.changes().stream())
                .anyMatch(change -> change.effect() == Effect.DESTRUCTIVE);
        if (destructive && tense == Tense.PLANNED) {
            out.append("\nWhat is marked - is destructive: firn apply makes it with --allow-destructive alone.\n");
        }
        return out.toString();
    }

    private static String action(TablePlan plan, Tense tense) {
        if (plan.blocked()) {
            return tense == Tense.DONE ? "failed" : "blocked";
        }
        if (plan.create()) {
            return tense == Tense.DONE ? "created" : "create";
        }
        if (plan.changed()) {
            return tense == Tense.DONE ? "changed" : "change";
        }
        return "as its definition says";
    }

    private static String sign(TablePlan.Change change) {
        return switch (change.effect()) {
            case SAFE -> "  + ";
            case DESTRUCTIVE -> "  - ";
            case REFUSED -> "  ! ";
            case NOTED -> "    note: ";
        };
    }
}
