package dev.telltale.access;

import dev.telltale.TelltaleApplication;
import java.util.Set;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.servlet.AbstractFilterRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;

/// The service without the filters that say who calls, limit and tell of it. Run by `bench/access` beside the service
/// as it is.
final class UnguardedTelltale {

    private static final Set<String> GUARDS =
            Set.of("requestIds", "failureFilter", "securityFilterChainRegistration", "rateFilter", "auditFilter");

    private UnguardedTelltale() {}

    public static void main(String[] arguments) {
        SpringApplication service = new SpringApplication(TelltaleApplication.class);
        service.addInitializers(context -> context.getBeanFactory().addBeanPostProcessor(new BeanPostProcessor() {

            @Override
            public Object postProcessBeforeInitialization(Object bean, String name) {
                if (bean instanceof AbstractFilterRegistrationBean<?> filter && GUARDS.contains(name)) {
                    filter.setEnabled(false);
                    System.out.println("without " + name);
                }
                return bean;
            }
        }));
        ConfigurableApplicationContext _ = service.run(arguments);
    }
}
