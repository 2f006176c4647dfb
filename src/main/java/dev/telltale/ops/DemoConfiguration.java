package dev.telltale.ops;

import dev.telltale.http.Json;
import dev.telltale.jobs.Jobs;
import dev.telltale.models.ModelScoring;
import dev.telltale.models.TrainingQueue;
import dev.telltale.series.AnnotationStore;
import dev.telltale.series.Intake;
import dev.telltale.series.SeriesStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/// Runs the demo beside the service, once that takes requests.
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty("telltale.demo")
class DemoConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(Demo.class);

    @Bean
    Demo demo(
            SeriesStore store,
            Intake intake,
            AnnotationStore annotations,
            Jobs jobs,
            TrainingQueue trainings,
            ModelScoring scoring,
            Json json) {
        return new Demo(store, intake, annotations, jobs, trainings, scoring, json);
    }

    @Bean
    ApplicationListener<ApplicationReadyEvent> demoStart(Demo demo, Environment environment) {
        String port = "local.server.port";
        return ready -> Thread.ofVirtual()
                .name("demo")
                .start(() -> tell(demo, "http://127.0.0.1:" + environment.getProperty(port)));
    }

    private static void tell(Demo demo, String url) {
        try {
            LOG.info("{}", demo.run(url));
        } catch (RuntimeException e) {
            LOG.warn("The demo did not work; the service is not concerned", e);
        }
    }
}
