package dev.telltale.http;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;

/// Says where the next part of a list is also in the header `Link` (RFC 8288), for clients that page
/// through lists without knowing our documents.
@ControllerAdvice
final class NextLink implements ResponseBodyAdvice<Object> {

    @Override
    public boolean supports(MethodParameter returned, Class<? extends HttpMessageConverter<?>> converter) {
        return true;
    }

    @Override
    public @Nullable Object beforeBodyWrite(
            @Nullable Object body,
            MethodParameter returned,
            MediaType type,
            Class<? extends HttpMessageConverter<?>> converter,
            ServerHttpRequest request,
            ServerHttpResponse response) {
        if (body instanceof Page<?> page && page.next() != null) {
            String query = Optional.ofNullable(request.getURI().getRawQuery()).orElse("");
            String target = request.getURI().getRawPath() + "?" + withCursor(query, page.next());
            response.getHeaders().add(HttpHeaders.LINK, "<" + target + ">; rel=\"next\"");
        }
        return body;
    }

    /// A raw query with another cursor, which needs no escaping.
    private static String withCursor(String query, String cursor) {
        Stream<String> others = Arrays.stream(query.split("&", -1))
                .filter(parameter -> !parameter.isEmpty() && !parameter.startsWith("cursor="));
        return Stream.concat(others, Stream.of("cursor=" + cursor)).collect(Collectors.joining("&"));
    }
}
