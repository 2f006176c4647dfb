package dev.telltale.http;

import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.HeaderParameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/// Hands a request's `Conditions` to controllers that declare such a parameter, and describes the headers of
/// these routes in the OpenAPI document.
final class ConditionsArgument implements HandlerMethodArgumentResolver, OperationCustomizer {

    ConditionsArgument() {
        SpringDocUtils.getConfig().addRequestWrapperToIgnore(Conditions.class);
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType().equals(Conditions.class);
    }

    @Override
    public Conditions resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer model,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binders) {
        return new Conditions(header(request, HttpHeaders.IF_MATCH), header(request, HttpHeaders.IF_NONE_MATCH));
    }

    /// All lines of a header as one, or null.
    private static @Nullable String header(NativeWebRequest request, String name) {
        String[] lines = request.getHeaderValues(name);
        return lines == null ? null : String.join(",", lines);
    }

    @Override
    public Operation customize(Operation operation, HandlerMethod method) {
        if (Arrays.stream(method.getMethodParameters()).noneMatch(this::supportsParameter)) {
            return operation;
        }
        boolean reads = method.hasMethodAnnotation(GetMapping.class);
        if (reads) {
            operation.addParametersItem(header(
                    HttpHeaders.IF_NONE_MATCH, "the `ETag` of an answer that the caller has: 304 if it still holds"));
            operation.getResponses().forEach((status, answer) -> {
                if (status.equals("200")) {
                    answer.addHeaderObject(HttpHeaders.ETAG, tag());
                }
            });
            operation.getResponses().addApiResponse("304", new ApiResponse().description("The caller has this state"));
        } else {
            operation.addParametersItem(
                    header(HttpHeaders.IF_MATCH, "an `ETag`: the change is made only if it is still the current one"));
            operation.getResponses().addApiResponse("412", new ApiResponse().$ref(ProblemAnswers.name("412")));
        }
        return operation;
    }

    private static HeaderParameter header(String name, String description) {
        HeaderParameter header = new HeaderParameter();
        header.name(name).description(description).schema(new StringSchema()).example("\"5f2b9c\"");
        return header;
    }

    private static Header tag() {
        return new Header().description("names this state").schema(new StringSchema());
    }
}
