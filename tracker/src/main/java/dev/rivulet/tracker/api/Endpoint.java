package dev.rivulet.tracker.api;

import io.undertow.server.handlers.sse.ServerSentEventConnection;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One method on one path of the API: who may, what goes in, what comes out, and who does it.
 *
 * <pre>
 * Endpoint.put("/sites/{site}", Role.OPERATOR, "Change a site.")
 *         .takes(SiteBody.class)
 *         .edits(call -&gt; view(call.path("site", SiteId::parse)))
 *         .answers(SiteView.class, call -&gt; change(call.body()));
 * </pre>
 *
 * <p>Handlers run on worker threads and may block. What they throw other than a {@link Refusal} becomes a 500 problem.
 */
public final class Endpoint {
    /** What precedes every path. */
    public static final String BASE = "/api/v1";

    private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)}");

    /** What is done, and the answer to it. */
    @FunctionalInterface
    public interface Handler<B, A> {
        A handle(Call<B> call) throws Refusal, IOException, InterruptedException;
    }

    /** What is done; there is nothing to answer. */
    @FunctionalInterface
    public interface Action<B> {
        void handle(Call<B> call) throws Refusal, IOException, InterruptedException;
    }

    /** What is sent, as it happens, until either side closes; on an I/O thread, so it must not block. */
    @FunctionalInterface
    public interface Stream {
        void opened(Call<Nothing> call, ServerSentEventConnection connection);
    }

    /** The form of the answer. */
    enum Form {
        ONE,
        PAGE,
        NONE,
        TEXT,
        STREAM
    }

    final HttpString method;
    final String path;
    final Role least;
    final String summary;
    final List<Parameter> parameters;
    final Class<?> body;
    final Form form;
    final @Nullable Class<?> answer;
    final int status;
    final @Nullable Handler<Nothing, ?> current;
    final Work<?> work;

    /** A body's type, and what is done with it: at first, while other edits go on, and then. */
    record Work<B>(
            Class<B> type,
            @Nullable Action<B> trial,
            @Nullable Handler<B, ?> handler,
            @Nullable Stream stream) {}

    private Endpoint(Draft<?> draft, Form form, @Nullable Class<?> answer, Work<?> work) {
        this.method = draft.method;
        this.path = draft.path;
        this.least = draft.least;
        this.summary = draft.summary;
        this.parameters = List.copyOf(draft.parameters);
        this.body = draft.body;
        this.form = form;
        this.answer = answer;
        this.status = form == Form.NONE ? StatusCodes.NO_CONTENT : draft.status;
        this.current = draft.current;
        this.work = work;
    }

    /** Reads something. */
    public static Draft<Nothing> get(String path, Role least, String summary) {
        return new Draft<>(Methods.GET, path, least, summary, Nothing.class);
    }

    /** Makes or does something. */
    public static Draft<Nothing> post(String path, Role least, String summary) {
        return new Draft<>(Methods.POST, path, least, summary, Nothing.class);
    }

    /** Replaces something. */
    public static Draft<Nothing> put(String path, Role least, String summary) {
        return new Draft<>(Methods.PUT, path, least, summary, Nothing.class);
    }

    /** Changes a part of something. */
    public static Draft<Nothing> patch(String path, Role least, String summary) {
        return new Draft<>(Methods.PATCH, path, least, summary, Nothing.class);
    }

    /** Removes something. */
    public static Draft<Nothing> delete(String path, Role least, String summary) {
        return new Draft<>(Methods.DELETE, path, least, summary, Nothing.class);
    }

    /** Such as {@code POST /operators}. */
    String name() {
        return method + " " + path;
    }

    /** Names of the parameters in the path. */
    List<String> pathParameters() {
        List<String> names = new ArrayList<>();
        Matcher matcher = PARAMETER.matcher(path);
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    /** Whether it changes something. */
    boolean isChange() {
        return !method.equals(Methods.GET);
    }

    /** An endpoint as far as it is declared; its last word is how it answers. */
    public static final class Draft<B> {
        private final HttpString method;
        private final String path;
        private final Role least;
        private final String summary;
        private final Class<B> body;
        private final List<Parameter> parameters = new ArrayList<>();
        private int status = StatusCodes.OK;
        private @Nullable Handler<Nothing, ?> current;
        private @Nullable Action<B> trial;

        private Draft(HttpString method, String path, Role least, String summary, Class<B> body) {
            this.method = method;
            this.path = path;
            this.least = least;
            this.summary = summary;
            this.body = body;
        }

        /**
         * The query may say this; what is not declared is refused.
         *
         * @param choices what it may be; any text where there are none
         */
        public Draft<B> query(String name, String help, String... choices) {
            parameters.add(new Parameter(name, help, List.of(choices), false));
            return this;
        }

        /** As {@link #query}, but it has to be given: 400 without. */
        public Draft<B> needs(String name, String help, String... choices) {
            parameters.add(new Parameter(name, help, List.of(choices), true));
            return this;
        }

        /** The body is a JSON object that {@code type}, a record, describes ({@link Shape}). */
        public <C> Draft<C> takes(Class<C> type) {
            Draft<C> draft = new Draft<>(method, path, least, summary, type);
            draft.parameters.addAll(parameters);
            draft.status = status;
            draft.current = current;
            return draft;
        }

        /** Answers with another status than 200, such as 201. */
        public Draft<B> status(int other) {
            status = other;
            return this;
        }

        /**
         * Needs {@code If-Match} with the ETag of what {@code view} returns, which has to be what GET answers: 428 without,
         * 412 when it is another by now. No other edit happens between the comparison and the end of this one.
         */
        public Draft<B> edits(Handler<Nothing, ?> view) {
            current = view;
            return this;
        }

        /**
         * Does this first, which may refuse, take long, and changes nothing: other edits go on meanwhile.
         */
        public Draft<B> tries(Action<B> what) {
            trial = what;
            return this;
        }

        /** Answers with one value. */
        public <A> Endpoint answers(Class<A> type, Handler<B, A> handler) {
            return new Endpoint(this, Form.ONE, type, new Work<>(body, trial, handler, null));
        }

        /** Answers with a part of a list; {@link Call#limit} and {@link Call#after} say which. */
        public <A> Endpoint pages(Class<A> type, Handler<B, Page<A>> handler) {
            parameters.add(Parameter.LIMIT);
            parameters.add(Parameter.AFTER);
            return new Endpoint(this, Form.PAGE, type, new Work<>(body, trial, handler, null));
        }

        /** Answers with 204. */
        public Endpoint does(Action<B> action) {
            return new Endpoint(
                    this,
                    Form.NONE,
                    null,
                    new Work<>(
                            body,
                            trial,
                            call -> {
                                action.handle(call);
                                return new Nothing();
                            },
                            null));
        }

        /**
         * Answers with what happens ({@code text/event-stream}); for endpoints without a body. The connection is closed
         * within {@link Dispatch#STREAM_CHECK_SECONDS} s of the moment from which its reader may not read any more, and
         * after {@link Dispatch#MAX_STREAM_MINUTES} minutes in any case; browsers come again by themselves.
         */
        public Endpoint streams(Stream stream) {
            return new Endpoint(this, Form.STREAM, null, new Work<>(Nothing.class, null, null, stream));
        }

        /** Answers with plain text. */
        public Endpoint says(Handler<B, String> handler) {
            return new Endpoint(this, Form.TEXT, null, new Work<>(body, trial, handler, null));
        }
    }
}
