package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class PartitionNewsTest {

    private final List<String> heard = new ArrayList<>();
    private final Audience audience = new Audience();
    private final PartitionNews news = new PartitionNews(audience, 3);

    PartitionNewsTest() {
        audience.add(new SampleListener() {
            @Override
            public void accepted(SampleBatch batch) {
                for (int i = 0; i < batch.count(); i++) {
                    heard.add(batch.seriesId(i) + "@" + batch.time(i));
                }
            }

            @Override
            public void ended(long seriesId, long time) {
                heard.add(seriesId + " ends at " + time);
            }

            @Override
            public void changed(long seriesId, long first, long last) {
                heard.add(seriesId + " changed from " + first + " to " + last);
            }
        });
    }

    @Test
    void tellsEachRowOnceInTheOrderOfTheLogFromWhereItBegan() {
        news.begin(5, List.of());
        assertThat(news.wants(4)).isFalse();
        news.open();
        add(4, samples(1, 40));
        add(5, samples(1, 50), new PartitionNews.Item.Ended(1, 55));
        add(6, samples(2, 60));
        add(5, samples(1, 50));
        news.tell();
        add(6, samples(2, 60));
        add(7, new PartitionNews.Item.Changed(2, new TimeSpan(1, 70)));
        news.tell();
        news.tell();
        assertThat(heard).containsExactly("1@50", "1 ends at 55", "2@60", "2 changed from 1 to 70");
    }

    @Test
    void keepsWhatComesBeforeItIsOpened() {
        news.begin(1, List.of());
        add(1, samples(1, 10));
        news.tell();
        assertThat(heard).isEmpty();
        news.open();
        news.tell();
        assertThat(heard).containsExactly("1@10");
    }

    @Test
    void wantsNothingBeforeItBeganAndTellsNothingAfterItEnded() {
        news.open();
        assertThat(news.wants(1)).isFalse();
        news.begin(1, List.of());
        add(1, samples(1, 10));
        news.end();
        news.tell();
        assertThat(news.wants(2)).isFalse();
        news.begin(7, List.of());
        news.open();
        add(2, samples(1, 20));
        add(7, samples(1, 70));
        news.tell();
        assertThat(heard).containsExactly("1@70");
    }

    @Test
    void saysOnlyFromWhenToWhenSamplesCameIfTooManyWait() {
        news.begin(1, List.of());
        news.open();
        add(1, samples(1, 10, 11));
        add(2, samples(1, 12, 13, 14));
        add(3, samples(2, 5));
        add(4, samples(1, 7));
        news.tell();
        assertThat(heard).containsExactly("1@10", "1@11", "2@5", "1 changed from 7 to 14");
        add(5, samples(1, 20, 21, 22));
        news.tell();
        assertThat(heard).endsWith("1@20", "1@21", "1@22");
    }

    @Test
    void nobodyIsToldAnythingOnceItHasEnded() throws Exception {
        CountDownLatch telling = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        audience.add(batch -> {
            telling.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            heard.add("late");
        });
        news.begin(1, List.of());
        news.open();
        add(1, samples(1, 10));
        add(2, samples(1, 20));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> told = threads.submit(news::tell);
            telling.await();
            Future<?> ended = threads.submit(() -> {
                news.end();
                heard.add("ended");
            });
            goOn.countDown();
            told.get();
            ended.get();
        }
        assertThat(heard).endsWith("ended").startsWith("1@10", "late");
    }

    private void add(long sequence, PartitionNews.Item... items) {
        if (news.wants(sequence)) {
            news.add(sequence, List.of(items));
        }
    }

    private static PartitionNews.Item samples(long seriesId, long... times) {
        return new PartitionNews.Item.Accepted(SampleBatch.of(seriesId, new Samples(times, new double[times.length])));
    }
}
