package dev.rivulet.edge.config;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import org.slf4j.LoggerFactory;

/** Has log lines written as the operator wants them. */
public final class LogLines {
    /** Of logback.xml. */
    private static final String APPENDER = "stderr";

    private LogLines() {}

    /** From now on. */
    public static void write(LogLevel level, LogFormat format) {
        Logger own = (Logger) LoggerFactory.getLogger("dev.rivulet");
        own.setLevel(Level.valueOf(level.name()));
        if (format == LogFormat.JSON) {
            asJson();
        }
    }

    private static void asJson() {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        JsonEncoder encoder = encoder(root.getLoggerContext());
        if (root.getAppender(APPENDER) instanceof OutputStreamAppender<ILoggingEvent> appender) {
            appender.setEncoder(encoder);
        }
    }

    /** Writes an object on a line. */
    static JsonEncoder encoder(LoggerContext context) {
        JsonEncoder encoder = new JsonEncoder();
        encoder.setContext(context);
        encoder.setWithFormattedMessage(true);
        encoder.setWithMessage(false);
        encoder.setWithArguments(false);
        encoder.setWithSequenceNumber(false);
        encoder.setWithNanoseconds(false);
        encoder.setWithContext(false);
        encoder.setWithMDC(false);
        encoder.start();
        return encoder;
    }
}
