package dev.telltale;

import dev.telltale.access.KeyCommand;
import dev.telltale.http.Carriers;
import dev.telltale.ops.HealthCommand;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/// Starts the service, or runs one of the commands `keys` and `health`.
@SpringBootApplication(proxyBeanMethods = false)
public class TelltaleApplication {

    private static final Duration HEALTH_PATIENCE = Duration.ofSeconds(3);

    public static void main(String[] arguments) {
        List<String> rest = Arrays.asList(arguments).subList(Math.min(1, arguments.length), arguments.length);
        switch (arguments.length == 0 ? "" : arguments[0]) {
            case KeyCommand.NAME -> System.exit(new KeyCommand(System.out, System.err).run(rest));
            case HealthCommand.NAME ->
                System.exit(new HealthCommand(System.getenv(), HEALTH_PATIENCE, System.out).run(rest));
            default -> {
                Carriers.provide();
                SpringApplication.run(TelltaleApplication.class, arguments);
            }
        }
    }
}
