package io.firn.it;

import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;

/** Does something once, in the midst of a run of this JVM: when it tells that a table is at a stage. */
final class AtStage extends AbstractAppender implements AutoCloseable {
    private static final String LOGGER = "io.firn.PipelineRun";

    private final Logger logger = (Logger) LogManager.getLogger(LOGGER);
    private final Level level = logger.getLevel();
    private final String stage;
    private final Runnable deed;
    private final AtomicBoolean done = new AtomicBoolean();

    AtStage(String stage, Runnable deed) {
        super("at stage " + stage, null, null, false, Property.EMPTY_ARRAY);
        this.stage = stage;
        this.deed = deed;
        start();
        Configurator.setLevel(LOGGER, Level.INFO);
        logger.addAppender(this);
    }

    @Override
    public void append(LogEvent event) {
        String message = event.getMessage().getFormattedMessage();
        if (message.startsWith("firn stage ") && message.endsWith(": " + stage) && !done.getAndSet(true)) {
            deed.run();
        }
    }

    boolean isDone() {
        return done.get();
    }

    @Override
    public void close() {
        logger.removeAppender(this);
        Configurator.setLevel(LOGGER, level);
        stop();
    }
}
