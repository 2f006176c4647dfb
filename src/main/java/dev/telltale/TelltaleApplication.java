package dev.telltale;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/// Starts the service.
@SpringBootApplication(proxyBeanMethods = false)
public class TelltaleApplication {

    public static void main(String[] arguments) {
        SpringApplication.run(TelltaleApplication.class, arguments);
    }
}
