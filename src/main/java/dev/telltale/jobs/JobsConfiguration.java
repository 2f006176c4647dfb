package dev.telltale.jobs;

import dev.telltale.database.Database;
import dev.telltale.database.DatabaseClock;
import dev.telltale.database.Replicas;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(JobsProperties.class)
class JobsConfiguration {

    @Bean
    JobTable jobTable(Database database) {
        return new JobTable(database, InstantSource.system());
    }

    /// Runners may need any of the beans, these jobs included, so they are asked for when they are needed.
    @Bean(destroyMethod = "")
    ScheduledJobs jobs(
            Database database,
            JobTable table,
            JobsProperties properties,
            Replicas replicas,
            DatabaseClock time,
            ObjectProvider<JobRunner> runners,
            List<PeriodicWork> periodic) {
        return new ScheduledJobs(
                database,
                table,
                InstantSource.system(),
                time,
                properties.queueCapacity(),
                properties.timeLimit(),
                replicas.self(),
                () -> runners.stream().toList(),
                periodic);
    }

    @Bean
    JobMeters jobMeters(MeterRegistry registry, JobTable table) {
        return new JobMeters(registry, table);
    }

    /// Starts after all other beans, since runners may need any of them, and stops before the web server
    /// waits for its requests: some of these wait for a job.
    @Bean
    SmartLifecycle jobsLifecycle(ScheduledJobs jobs) {
        return new SmartLifecycle() {

            private volatile boolean running;

            @Override
            public void start() {
                jobs.start();
                running = true;
            }

            @Override
            public void stop() {
                running = false;
                jobs.close();
            }

            @Override
            public boolean isRunning() {
                return running;
            }
        };
    }
}
