package dev.telltale.http;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import java.util.Locale;
import org.springdoc.core.customizers.OpenApiCustomizer;

/// Writes enum constants into the OpenAPI document as bodies and parameters spell them, such as `min-max`.
final class EnumsAsWritten implements OpenApiCustomizer {

    @Override
    public void customise(OpenAPI document) {
        for (Schema<?> schema : document.getComponents().getSchemas().values()) {
            if (schema.getProperties() != null) {
                for (Schema<?> property : schema.getProperties().values()) {
                    respell(property);
                }
            }
        }
        for (PathItem path : document.getPaths().values()) {
            for (Operation operation : path.readOperations()) {
                if (operation.getParameters() != null) {
                    for (Parameter parameter : operation.getParameters()) {
                        Schema<?> schema = parameter.getSchema();
                        if (schema != null) { // else it refers to one that routes share
                            respell(schema);
                        }
                    }
                }
            }
        }
    }

    private static <T> void respell(Schema<T> schema) {
        if (schema.getItems() != null) {
            respell(schema.getItems());
        }
        if (schema.getEnum() != null) {
            schema.setEnum(
                    schema.getEnum().stream().map(EnumsAsWritten::asWritten).toList());
        }
    }

    @SuppressWarnings("unchecked") // a text stays a text
    private static <T> T asWritten(T constant) {
        return constant instanceof String text
                ? (T) text.toLowerCase(Locale.ROOT).replace('_', '-')
                : constant;
    }
}
