package dev.telltale.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SystemNamesTest {

    private static final List<InetAddress> ADDRESS = List.of(InetAddress.ofLiteral("203.0.114.7"));

    @Test
    void aNameWhoseServerIsSilentIsAskedForOnceAtATime() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch answer = new CountDownLatch(1);
        Names silent = host -> {
            asked.incrementAndGet();
            await(answer);
            return ADDRESS;
        };
        try (SystemNames names = new SystemNames(Duration.ofMillis(50), silent)) {
            for (int i = 0; i < 100; i++) {
                // More often than there are threads and room to wait for one.
                String host = i % 2 == 0 ? "silent.example.com" : "Silent.example.com";
                assertThatThrownBy(() -> names.resolve(host))
                        .isInstanceOf(UnknownHostException.class)
                        .hasMessageContaining(host);
            }
            Patience.until("it is asked for", () -> asked.get() > 0);
            assertThat(asked).hasValue(1);
            answer.countDown();
            Patience.until("it is known", () -> isKnown(names, "silent.example.com"));
        }
    }

    @Test
    void aNameIsAskedForAnewOnceItWasAnswered() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        Names quick = host -> {
            if (asked.incrementAndGet() == 1) {
                throw new UnknownHostException(host);
            }
            return ADDRESS;
        };
        try (SystemNames names = new SystemNames(Duration.ofSeconds(30), quick)) {
            assertThatThrownBy(() -> names.resolve("a.example.com")).isInstanceOf(UnknownHostException.class);
            assertThat(names.resolve("a.example.com")).isEqualTo(ADDRESS);
            assertThat(names.resolve("a.example.com")).isEqualTo(ADDRESS);
        }
        assertThat(asked).hasValue(3);
    }

    private static boolean isKnown(Names names, String host) {
        try {
            return names.resolve(host).equals(ADDRESS);
        } catch (UnknownHostException notYet) {
            return false;
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
