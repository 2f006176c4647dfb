package dev.telltale.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.problem.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class TorchExecutorTest {

    @Test
    void doesTheWorkOnOneOfItsThreads() {
        try (TorchExecutor executor = new TorchExecutor(1, 1)) {
            assertThat(executor.call(() -> Thread.currentThread().getName())).isEqualTo("torch-1");
        }
    }

    @Test
    void givesTheFailureOfTheWorkToItsCaller() {
        Problem problem = TorchProblem.ENGINE_UNAVAILABLE.because("no engine today");
        try (TorchExecutor executor = new TorchExecutor(1, 1)) {
            assertThatThrownBy(() -> executor.call(() -> {
                        throw problem;
                    }))
                    .isSameAs(problem);
        }
    }

    @Test
    void refusesAtOnceWhenItsQueueIsFull() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        try (TorchExecutor executor = new TorchExecutor(1, 1);
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> answers = new ArrayList<>();
            answers.add(callers.submit(() -> executor.call(() -> {
                started.countDown();
                await(end);
                return "first";
            })));
            started.await();
            answers.add(callers.submit(() -> executor.call(() -> "second")));
            while (executor.waiting() == 0) {
                Thread.onSpinWait();
            }
            try {
                assertThatThrownBy(() -> executor.call(() -> "third"))
                        .isInstanceOfSatisfying(Problem.class, problem -> {
                            assertThat(problem.type()).isEqualTo(TorchProblem.ENGINE_OVERLOADED);
                            assertThat(problem.retryAfter()).contains(Duration.ofSeconds(1));
                        });
            } finally {
                end.countDown();
            }
            assertThat(answers.get(0).get()).isEqualTo("first");
            assertThat(answers.get(1).get()).isEqualTo("second");
        }
    }

    @Test
    void waitsForTheWorkEvenWhenTheCallerIsInterrupted() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        AtomicBoolean returned = new AtomicBoolean();
        AtomicBoolean stillInterrupted = new AtomicBoolean();
        try (TorchExecutor executor = new TorchExecutor(1, 1)) {
            Thread caller = Thread.ofVirtual().start(() -> {
                executor.call(() -> {
                    started.countDown();
                    await(end);
                    return "done";
                });
                stillInterrupted.set(Thread.currentThread().isInterrupted());
                returned.set(true);
            });
            started.await();
            caller.interrupt();
            assertThat(returned).isFalse();
            end.countDown();
            caller.join();
            assertThat(returned).isTrue();
            assertThat(stillInterrupted).isTrue();
        }
    }

    @Test
    void failsOnceItIsShutDown() {
        TorchExecutor executor = new TorchExecutor(1, 1);
        executor.close();

        assertThatThrownBy(() -> executor.call(() -> "late")).isInstanceOf(IllegalStateException.class);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
