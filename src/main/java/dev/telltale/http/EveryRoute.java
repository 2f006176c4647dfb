package dev.telltale.http;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.BooleanSchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.HeaderParameter;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.parameters.QueryParameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.util.Optional;
import org.springdoc.core.customizers.OpenApiCustomizer;

/// Writes into the OpenAPI document what every route of a kind takes and answers, so that no controller has
/// to repeat it: `pretty` where JSON is answered, `Link` where a part of a list
/// is, `Idempotency-Key` where a POST makes or starts something.
final class EveryRoute implements OpenApiCustomizer {

    private static final String JSON = "application/json";
    private static final String LINK = "Link";

    @Override
    public void customise(OpenAPI document) {
        Components components = document.getComponents();
        components.addParameters(PrettyAnswers.PARAMETER, pretty());
        components.addHeaders(LINK, link());
        components.addParameters(IdempotencyFilter.KEY, key());
        document.getPaths().forEach((path, item) -> {
            item.readOperations().forEach(EveryRoute::describe);
            if (item.getPost() != null && IdempotencyFilter.appliesTo(path)) {
                item.getPost().addParametersItem(new Parameter().$ref(IdempotencyFilter.KEY));
            }
        });
    }

    private static void describe(Operation operation) {
        boolean answersJson = false;
        for (ApiResponse answer : operation.getResponses().values()) {
            Content content = Optional.ofNullable(answer.getContent()).orElseGet(Content::new);
            answersJson |= content.containsKey(JSON) || content.containsKey("*/*");
            if (content.values().stream().anyMatch(EveryRoute::isPage)) {
                answer.addHeaderObject(LINK, new Header().$ref(LINK));
            }
        }
        if (answersJson) {
            operation.addParametersItem(new Parameter().$ref(PrettyAnswers.PARAMETER));
        }
    }

    private static boolean isPage(io.swagger.v3.oas.models.media.MediaType form) {
        String reference = form.getSchema() == null ? null : form.getSchema().get$ref();
        return reference != null && reference.startsWith(Components.COMPONENTS_SCHEMAS_REF + "Page");
    }

    private static Parameter pretty() {
        return new QueryParameter()
                .name(PrettyAnswers.PARAMETER)
                .description("alone or `true`: the JSON is laid out for people")
                .allowEmptyValue(true)
                .schema(new BooleanSchema());
    }

    private static Parameter key() {
        return new HeaderParameter()
                .name(IdempotencyFilter.KEY)
                .description(
                        "1 to 255 printable characters, new for each thing to do: the same request with the same key"
                                + " is done once, and answered the same for 24 hours. 409 while it is being worked on, 422 with"
                                + " another request")
                .example("8e03978e-40d5-43dd-bc93-6894a57f9324")
                .schema(new StringSchema());
    }

    private static Header link() {
        return new Header()
                .description("where the next part of the list is (RFC 8288), absent at its end")
                .example("</api/v1/series?limit=2&cursor=c2VyaWVzOjI>; rel=\"next\"")
                .schema(new StringSchema());
    }
}
