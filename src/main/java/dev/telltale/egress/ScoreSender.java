package dev.telltale.egress;

import dev.telltale.live.LiveScore;
import dev.telltale.live.ScoreListener;
import dev.telltale.problem.Excerpt;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes scores to a far end, in the order in which they came, on a thread of its own. Scoring waits for nothing of
/// it: while a request is under way the next scores gather, up to a limit.
final class ScoreSender implements ScoreListener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ScoreSender.class);

    /// Receivers read about 32 MB at most.
    private static final int MOST_BYTES = 4 << 20;

    /// Requests that are refused of one batch while the samples are looked for that the far end takes.
    private static final int MOST_REFUSALS = 64;

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final Duration PAUSE_AFTER_A_FAILURE = Duration.ofSeconds(1);
    private static final Duration TIME_TO_FLUSH = Duration.ofSeconds(5);
    private static final Duration TIME_TO_END = Duration.ofSeconds(1);

    private final FarEnd farEnd;
    private final String place;
    private final int batch;
    private final Duration maxAge;
    private final EgressMeters meters;
    private final InstantSource clock;
    private final MinuteLog log;
    private final WaitingScores waiting;
    private final AtomicInteger unwritten = new AtomicInteger(); // samples that wait or are on their way
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread;
    private boolean isAnswering = true; // touched by the thread alone, as what follows
    private int settled; // samples of the batch that is being written

    /// @param place of the far end, for people
    /// @param batch samples of one request at most
    /// @param queue samples that wait at most
    /// @param maxAge samples that are older are left out
    ScoreSender(
            FarEnd farEnd,
            String place,
            int batch,
            int queue,
            Duration maxAge,
            EgressMeters meters,
            InstantSource clock) {
        this.farEnd = farEnd;
        this.place = place;
        this.batch = batch;
        this.maxAge = maxAge;
        this.meters = meters;
        this.clock = clock;
        log = new MinuteLog(clock);
        waiting = new WaitingScores(queue);
        thread = Thread.ofVirtual().name("score-sender").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    @Override
    public void scored(List<LiveScore> scores) {
        count(WriteBody.samples(scores));
        List<LiveScore> gone = waiting.add(scores);
        if (!gone.isEmpty()) {
            int samples = WriteBody.samples(gone);
            count(-samples);
            meters.overflowed(samples);
            log.lost(samples, "more wait for " + place + " than telltale.egress.remote-write.queue", example(gone));
        }
    }

    /// Writes what waits if that takes but a moment, and says what is left.
    @Override
    public void close() {
        stopping.countDown();
        waiting.close();
        try {
            if (!thread.join(TIME_TO_FLUSH)) {
                thread.interrupt();
                thread.join(TIME_TO_END);
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
        farEnd.close();
        if (unwritten.get() > 0) {
            LOG.warn(
                    "{} samples of scores are not written to {}, and will not be: the service stops. The scores are"
                            + " stored here",
                    unwritten.get(),
                    place);
        }
    }

    private void run() {
        try {
            boolean goesOn = true;
            while (goesOn) {
                goesOn = turn();
            }
        } catch (InterruptedException stopped) {
            LOG.debug("Stopped while samples of scores were on their way to {}", place, stopped);
        }
    }

    /// Writes what waits, one batch of it.
    ///
    /// @return whether more may come
    private boolean turn() throws InterruptedException {
        List<LiveScore> next = List.of();
        settled = 0;
        try {
            next = waiting.take(batch, MOST_BYTES);
            if (next.isEmpty()) {
                return false;
            }
            write(next);
        } catch (RuntimeException | Error failure) {
            // Thrown on, it would end the thread, and no score would be written any more.
            LOG.error("Scores could not be written to {}", place, failure);
            giveUp(next);
            rest(PAUSE_AFTER_A_FAILURE, Duration.ZERO);
        }
        return true;
    }

    private void giveUp(List<LiveScore> batch) {
        int samples = WriteBody.samples(batch) - settled;
        if (samples > 0) {
            meters.refused(samples);
            log.lost(samples, "they could not be written to " + place, example(batch));
            settle(samples);
        }
    }

    /// Writes a batch, however long that takes. Receivers refuse it as a whole for one bad sample: it is halved until
    /// the good ones are written.
    ///
    /// @throws InterruptedException if the service stops before that
    private void write(List<LiveScore> scores) throws InterruptedException {
        Deque<List<LiveScore>> parts = new ArrayDeque<>();
        parts.push(bySeries(scores));
        int refusals = 0;
        Duration pause = SHORTEST_PAUSE;
        while (!parts.isEmpty()) {
            List<LiveScore> part = withoutOld(parts.pop());
            if (part.isEmpty()) {
                continue;
            }
            boolean isLastTry = stopping.getCount() == 0;
            switch (post(part)) {
                case Answer.Written() -> {
                    written(part);
                    pause = SHORTEST_PAUSE;
                }
                case Answer.Refused(boolean partly, String why) -> {
                    meters.requestRefused();
                    pause = SHORTEST_PAUSE;
                    refusals++;
                    if (partly && part.size() > 1 && refusals < MOST_REFUSALS) {
                        parts.push(part.subList(part.size() / 2, part.size()));
                        parts.push(part.subList(0, part.size() / 2));
                    } else {
                        refused(part, why);
                    }
                }
                case Answer.NotNow(String why, Optional<Duration> after) -> {
                    meters.requestFailed();
                    if (isLastTry) {
                        throw new InterruptedException(why);
                    }
                    parts.push(part);
                    rest(pause, after.orElse(Duration.ZERO));
                    pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
                }
            }
        }
    }

    private Answer post(List<LiveScore> part) throws InterruptedException {
        Answer answer;
        try {
            answer = farEnd.post(WriteBody.of(part));
        } catch (RuntimeException | Error e) {
            LOG.error("Scores could not be sent to {}", place, e);
            return new Answer.Refused(false, "a request could not be made");
        }
        if (answer instanceof Answer.NotNow notNow) {
            noteFailure(notNow.why());
        } else {
            noteAnswer();
        }
        return answer;
    }

    /// Until the pause is over or the service stops.
    private void rest(Duration pause, Duration atLeast) throws InterruptedException {
        // Not all senders at the same moment.
        long millis = ThreadLocalRandom.current().nextLong(pause.toMillis() / 2, pause.toMillis() + 1);
        boolean _ = stopping.await(Math.max(millis, atLeast.toMillis()), TimeUnit.MILLISECONDS);
    }

    private void noteFailure(String why) {
        if (isAnswering) {
            LOG.warn("Scores cannot be written to {} now: {}. They wait, and it is tried again", place, why);
            isAnswering = false;
        }
    }

    private void noteAnswer() {
        if (!isAnswering) {
            LOG.info("{} answers again; {} samples of scores wait for it", place, unwritten.get());
            isAnswering = true;
        }
    }

    private void written(List<LiveScore> part) {
        int samples = WriteBody.samples(part);
        meters.written(samples);
        settle(samples);
    }

    private void refused(List<LiveScore> part, String why) {
        int samples = WriteBody.samples(part);
        meters.refused(samples);
        log.lost(samples, place + " refuses them: " + why, example(part));
        settle(samples);
    }

    private List<LiveScore> withoutOld(List<LiveScore> part) {
        long oldest = clock.millis() - maxAge.toMillis();
        List<LiveScore> old =
                part.stream().filter(score -> score.time() < oldest).toList();
        if (old.isEmpty()) {
            return part;
        }
        int samples = WriteBody.samples(old);
        meters.tooOld(samples);
        settle(samples);
        return part.stream().filter(score -> score.time() >= oldest).toList();
    }

    /// So many samples of the batch are written or will not be. It is the last that is said of them: whoever sees that
    /// none wait any more sees what has become of them.
    private void settle(int samples) {
        settled += samples;
        count(-samples);
    }

    private void count(int samples) {
        unwritten.addAndGet(samples);
        meters.waiting(samples);
    }

    /// Those of one series one after the other, in the order of time that they have already.
    private static List<LiveScore> bySeries(List<LiveScore> scores) {
        return scores.stream()
                .collect(Collectors.groupingBy(
                        score -> List.of(score.detector(), score.series()), LinkedHashMap::new, Collectors.toList()))
                .values()
                .stream()
                .flatMap(List::stream)
                .toList();
    }

    private static String example(List<LiveScore> scores) {
        return Excerpt.of(scores.getFirst().series().toString());
    }
}
