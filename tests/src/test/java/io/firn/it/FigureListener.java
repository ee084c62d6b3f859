package io.firn.it;

import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/** Prints the figures that tests publish, which Surefire drops; docs/guarantees.md has those of the long schedules. */
public final class FigureListener implements TestExecutionListener {

    @Override
    public void reportingEntryPublished(TestIdentifier test, ReportEntry entry) {
        String name = test.getSource()
                .filter(MethodSource.class::isInstance)
                .map(MethodSource.class::cast)
                .map(method -> method.getJavaClass().getSimpleName() + "#" + method.getMethodName())
                .orElse(test.getDisplayName());
        entry.getKeyValuePairs().forEach((key, value) -> System.out.println(name + ", " + key + ": " + value));
    }
}
