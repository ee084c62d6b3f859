package io.firn.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Rows for people: columns aligned, numbers to the right with their thousands parted. */
final class TextTable {
    private final List<String> head;
    private final List<List<Object>> rows = new ArrayList<>();

    TextTable(String... head) {
        this.head = List.of(head);
    }

    /** Adds a row; null prints as nothing, whole numbers as 1,234,567. */
    TextTable row(Object... cells) {
        List<Object> row = new ArrayList<>();
        for (Object cell : cells) {
            row.add(cell == null ? "" : cell);
        }
        rows.add(row);
        return this;
    }

    String print() {
        int[] widths = new int[head.size()];
        for (int column = 0; column < widths.length; column++) {
            widths[column] = head.get(column).length();
            for (List<Object> row : rows) {
                widths[column] = Math.max(widths[column], text(row.get(column)).length());
            }
        }
        StringBuilder out = new StringBuilder();
        line(out, new ArrayList<>(head), widths);
        out.append("-".repeat(out.length() - 1)).append('\n');
        rows.forEach(row -> line(out, row, widths));
        return out.toString();
    }

    private void line(StringBuilder out, List<Object> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String text = text(row.get(column));
            String pad = " ".repeat(widths[column] - text.length());
            line.append(isNumeric(column) ? pad + text : text + pad).append("  ");
        }
        out.append(line.toString().stripTrailing()).append('\n');
    }

    private boolean isNumeric(int column) {
        return !rows.isEmpty()
                && rows.stream()
                        .map(row -> row.get(column))
                        .allMatch(cell -> cell instanceof Number || "".equals(cell));
    }

    private static String text(Object cell) {
        if (cell instanceof Long || cell instanceof Integer) {
            return String.format(Locale.ROOT, "%,d", ((Number) cell).longValue());
        }
        if (cell instanceof Double number) {
            return String.format(Locale.ROOT, "%,.1f", number);
        }
        return cell.toString();
    }
}
