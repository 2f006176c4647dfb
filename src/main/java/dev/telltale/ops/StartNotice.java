package dev.telltale.ops;

import dev.telltale.database.DataDirectory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.Environment;

/// Says once the service takes requests where it listens and where its data is.
final class StartNotice implements ApplicationListener<ApplicationReadyEvent> {

    private static final Logger LOG = LoggerFactory.getLogger(StartNotice.class);

    private final DataDirectory data;

    StartNotice(DataDirectory data) {
        this.data = data;
    }

    @Override
    public void onApplicationEvent(ApplicationReadyEvent ready) {
        Environment environment = ready.getApplicationContext().getEnvironment();
        LOG.info(
                "Listening on http://{}:{}, data in {}",
                environment.getProperty("server.address"),
                environment.getProperty("local.server.port"),
                data.path().toAbsolutePath().normalize());
    }
}
