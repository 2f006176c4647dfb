package dev.telltale;

import dev.telltale.access.KeyCommand;
import dev.telltale.http.Carriers;
import java.util.Arrays;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/// Starts the service, or runs the command `keys`.
@SpringBootApplication(proxyBeanMethods = false)
public class TelltaleApplication {

    public static void main(String[] arguments) {
        if (arguments.length > 0 && arguments[0].equals(KeyCommand.NAME)) {
            List<String> rest = Arrays.asList(arguments).subList(1, arguments.length);
            System.exit(new KeyCommand(System.out, System.err).run(rest));
        }
        Carriers.provide();
        SpringApplication.run(TelltaleApplication.class, arguments);
    }
}
