package dev.rivulet.edge.peer;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.frame.Block;
import dev.rivulet.protocol.message.SignalBody;
import dev.rivulet.protocol.message.TrackerMessage.IceServer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Links between the hosts of one {@link Network}, with the contract of real ones and without their chances. */
public final class InMemoryLinks implements PeerLinkFactory {
    /** Delivers everything, in order, on an executor that runs one task at a time. */
    public static final class Network {
        private final Executor executor;
        private final Map<String, Link> offerers = new HashMap<>();
        private final Map<String, Link> answerers = new HashMap<>();

        public Network(Executor executor) {
            this.executor = executor;
        }

        /** Another host. */
        public InMemoryLinks host() {
            return new InMemoryLinks(this, true);
        }

        /** Another host, whose send buffers take whatever it sends. */
        public InMemoryLinks recklessHost() {
            return new InMemoryLinks(this, false);
        }
    }

    private final Network network;
    private final boolean strict;
    private final List<Link> links = new ArrayList<>();
    private final List<Runnable> held = new ArrayList<>();
    private boolean holding;
    private boolean closed;

    private InMemoryLinks(Network network, boolean strict) {
        this.network = network;
        this.strict = strict;
    }

    @Override
    public PeerLink offer(List<IceServer> ice, PeerLink.Listener listener) {
        Link link = new Link(listener);
        link.run(() -> link.begin(() -> link.describe(network.offerers, "offer", SignalBody.Offer::new)));
        return link;
    }

    @Override
    public PeerLink answer(List<IceServer> ice, SignalBody.Offer offer, PeerLink.Listener listener) {
        Link link = new Link(listener);
        link.run(() -> link.begin(() -> link.answer(offer)));
        return link;
    }

    @Override
    public void close() {
        network.executor.execute(() -> {
            closed = true;
            List.copyOf(links).forEach(link -> link.end("stopped"));
        });
    }

    /** Has blocks of this host stay in their send buffers, until they are let go. */
    public void holdBlocks(boolean hold) {
        network.executor.execute(() -> {
            holding = hold;
            List<Runnable> free = hold ? List.of() : List.copyOf(held);
            held.removeAll(free);
            free.forEach(Runnable::run);
        });
    }

    /** Bytes in the fullest send buffer of this host. */
    public long mostBuffered() {
        return links.stream().mapToLong(link -> link.buffered.get()).max().orElse(0);
    }

    /** Loses all links, of which the other side hears nothing. */
    public void crash() {
        network.executor.execute(() -> List.copyOf(links).forEach(link -> {
            link.other = null;
            link.end("crashed");
        }));
    }

    private interface Description {
        SignalBody of(String sdp);
    }

    private final class Link implements PeerLink {
        private final Listener listener;
        private final AtomicLong buffered = new AtomicLong();
        private final AtomicLong reported = new AtomicLong();
        private int drainedBytes = DRAINED_BYTES;
        private @Nullable Link other;
        private boolean open;
        private boolean closing;
        private boolean ended;

        Link(Listener listener) {
            this.listener = listener;
        }

        void begin(Runnable beginning) {
            links.add(this);
            if (closed) {
                end("stopped");
            } else {
                beginning.run();
            }
        }

        void describe(Map<String, Link> register, String kind, Description description) {
            String sdp = kind + " " + register.size();
            register.put(sdp, this);
            listener.signal(description.of(sdp));
            listener.signal(new SignalBody.Candidate("candidate of " + sdp, "0", 0));
        }

        void answer(SignalBody.Offer offer) {
            other = network.offerers.get(offer.sdp());
            if (other == null) {
                end("description refused");
            } else {
                describe(network.answerers, "answer", SignalBody.Answer::new);
            }
        }

        @Override
        public void signal(SignalBody remote) {
            run(() -> {
                if (remote instanceof SignalBody.Answer answer && other == null) {
                    connect(network.answerers.get(answer.sdp()));
                }
            });
        }

        private void connect(@Nullable Link answerer) {
            if (answerer == null || answerer.other != this) {
                end("description refused");
            } else if (!answerer.closing) {
                other = answerer;
                markOpen();
                answerer.run(answerer::markOpen);
            }
        }

        private void markOpen() {
            open = true;
            listener.opened();
        }

        @Override
        public void sendControl(String text) {
            run(() -> deliver(receiver -> receiver.listener.control(text)));
        }

        @Override
        public void sendBlock(Block block, Runnable taken) {
            ByteBuffer frame = block.encode();
            taken.run();
            int bytes = frame.remaining();
            if (buffered.addAndGet(bytes) > Limits.MAX_SEND_BUFFER_BYTES && strict) {
                throw new AssertionError("the send buffer overflows");
            }
            reported.addAndGet(bytes);
            Runnable delivery = () -> {
                deliver(receiver -> receiver.listener.block(frame));
                buffered.addAndGet(-bytes);
                report();
            };
            run(() -> {
                if (holding) {
                    held.add(delivery);
                } else {
                    delivery.run();
                }
            });
        }

        private void report() {
            long left = buffered.get();
            if (reported.get() > drainedBytes && left <= drainedBytes) {
                reported.set(left);
                if (open) {
                    listener.drained();
                }
            }
        }

        @Override
        public void drainedAt(int bytes) {
            run(() -> {
                drainedBytes = bytes;
                report();
            });
        }

        private interface Delivery {
            void to(Link receiver);
        }

        private void deliver(Delivery delivery) {
            Link receiver = other;
            if (open && receiver != null) {
                receiver.run(() -> {
                    if (receiver.open) {
                        delivery.to(receiver);
                    }
                });
            }
        }

        @Override
        public long bufferedBytes() {
            return reported.get();
        }

        @Override
        public void close() {
            // Behind what was sent, which another task may still have to deliver.
            run(() -> {
                closing = true;
                network.executor.execute(() -> end("closed here"));
            });
        }

        void end(String reason) {
            if (ended) {
                return;
            }
            ended = true;
            closing = true;
            open = false;
            links.remove(this);
            Link peer = other;
            if (peer != null && peer.other == this) {
                network.executor.execute(() -> peer.end("closed there"));
            }
            listener.closed(reason);
        }

        /** Runs a task in its turn; one that throws ends the link. */
        void run(Runnable task) {
            network.executor.execute(() -> {
                try {
                    if (!ended) {
                        task.run();
                    }
                } catch (RuntimeException | Error e) {
                    end(e.toString());
                }
            });
        }
    }
}
