package dev.telltale;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.security.CodeSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.util.ClassUtils;

class TelltaleApplicationTest {

    /// Only files of certain names are looked into; a component in another one must be made by a method of these.
    @Test
    void nothingThatSpringShallMakeIsOverlooked() {
        Set<Class<?>> seen = components(TelltaleApplication.WIRED);
        Set<Class<?>> made = seen.stream()
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .filter(method -> method.isAnnotationPresent(Bean.class))
                .map(Method::getReturnType)
                .collect(Collectors.toSet());

        assertThat(seen).hasSizeGreaterThan(40);
        assertThat(components("**/*.class"))
                .containsAll(seen)
                .allMatch(type -> type == TelltaleApplication.class || seen.contains(type) || made.contains(type));
    }

    /// Components of the service; tests have their own in the same packages.
    private static Set<Class<?>> components(String pattern) {
        ClassPathScanningCandidateComponentProvider scan = new ClassPathScanningCandidateComponentProvider(true);
        scan.setResourcePattern(pattern);
        Collection<Class<?>> found = scan.findCandidateComponents(TelltaleApplication.class.getPackageName()).stream()
                .<Class<?>>map(component -> ClassUtils.resolveClassName(
                        Objects.requireNonNull(component.getBeanClassName()),
                        TelltaleApplication.class.getClassLoader()))
                .toList();
        return found.stream()
                .filter(type -> origin(type).equals(origin(TelltaleApplication.class)))
                .collect(Collectors.toSet());
    }

    private static CodeSource origin(Class<?> type) {
        return Objects.requireNonNull(type.getProtectionDomain().getCodeSource());
    }
}
