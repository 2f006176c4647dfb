package dev.telltale.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/// Refuses query parameters that a route does not declare, and ones that stand twice: a misspelt one would
/// otherwise be ignored in silence.
final class StrictParameters implements HandlerInterceptor {

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (handler instanceof HandlerMethod method
                && method.getBeanType().getPackageName().startsWith("dev.telltale")) {
            check(request.getParameterMap(), names(method));
        }
        return true;
    }

    private static void check(Map<String, String[]> parameters, Set<String> known) {
        parameters.forEach((name, values) -> {
            if (name.equals(PrettyAnswers.PARAMETER) && !PrettyAnswers.VALUES.contains(values[0])) {
                throw HttpProblem.INVALID_PARAMETER.because("pretty stands alone, or is true or false");
            }
            if (!known.contains(name)) {
                throw HttpProblem.UNKNOWN_PARAMETER.because(
                        "the parameter '%s' is not known here; known are: %s", name, String.join(", ", known));
            }
            if (values.length > 1) {
                throw HttpProblem.INVALID_PARAMETER.because("the parameter '%s' may stand once", name);
            }
        });
    }

    private static Set<String> names(HandlerMethod method) {
        return Stream.concat(
                        Stream.of(PrettyAnswers.PARAMETER),
                        Arrays.stream(method.getMethodParameters())
                                .filter(parameter -> parameter.hasParameterAnnotation(RequestParam.class))
                                .map(StrictParameters::name))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String name(MethodParameter parameter) {
        RequestParam annotation = parameter.getParameterAnnotation(RequestParam.class);
        return annotation == null || annotation.name().isEmpty()
                ? parameter.getParameter().getName()
                : annotation.name();
    }
}
