package dev.telltale.access;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.util.List;
import org.springdoc.core.customizers.OpenApiCustomizer;

/// Writes into the OpenAPI document how callers show who they are, and which role each route needs, as `x-role`.
final class AccessInDocument implements OpenApiCustomizer {

    private static final String BEARER = "bearer";
    private static final String BASIC = "basic";
    private static final String FIREHOSE = "firehose";

    @Override
    public void customise(OpenAPI document) {
        document.getComponents()
                .addSecuritySchemes(
                        BEARER,
                        new SecurityScheme()
                                .type(SecurityScheme.Type.HTTP)
                                .scheme("bearer")
                                .description("a key, `tt_…`, or a token (JWT) of the issuer in the settings"))
                .addSecuritySchemes(
                        BASIC,
                        new SecurityScheme()
                                .type(SecurityScheme.Type.HTTP)
                                .scheme("basic")
                                .description("a key as the password of any user"))
                .addSecuritySchemes(
                        FIREHOSE,
                        new SecurityScheme()
                                .type(SecurityScheme.Type.APIKEY)
                                .in(SecurityScheme.In.HEADER)
                                .name(Credentials.FIREHOSE_KEY)
                                .description("a key, or `telltale.ingest.firehose.access-key`"));
        document.security(List.of(needs(BEARER), needs(BASIC), new SecurityRequirement())); // nothing without keys
        document.getPaths()
                .forEach((path, item) -> item.readOperationsMap()
                        .forEach((method, operation) -> describe(method.name(), path, operation)));
    }

    private static void describe(String method, String path, Operation operation) {
        RouteRoles.all().stream()
                .filter(rule -> rule.method().equals(method))
                .filter(rule -> rule.path().getPatternString().equals(path))
                .flatMap(rule -> rule.role().stream())
                .forEach(role -> operation.addExtension("x-role", role.word()));
        if (path.equals(Credentials.FIREHOSE_PATH)) {
            operation.security(List.of(needs(FIREHOSE), needs(BEARER), needs(BASIC)));
        }
    }

    private static SecurityRequirement needs(String scheme) {
        return new SecurityRequirement().addList(scheme);
    }
}
