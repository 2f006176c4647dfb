package dev.telltale.ops;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.servers.Server;
import java.util.Comparator;
import java.util.List;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// What the OpenAPI document says of the service as a whole; its routes are read from the controllers.
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {

    private static final List<String> TAGS =
            List.of("Series", "Ingest", "Models", "Live", "Alerts", "Jobs", "Backups", "Access");

    @Bean
    OpenAPI openApi() {
        return new OpenAPI()
                .info(new Info()
                        .title("Telltale")
                        .version("1")
                        .summary("Learns what normal telemetry looks like and says when new data does not fit.")
                        .description("""
                                Upload series of measurements, train autoencoders on them, and score every point: \
                                scores are at least 0, higher is more anomalous, and above 1.0 a point is \
                                anomalous for every model.

                                Times are answered in RFC 3339, UTC, and taken as that or as epoch milliseconds. \
                                Failures are problem documents (RFC 9457). Unknown fields and parameters are \
                                errors. Long work answers 202 and a job; with `Prefer: wait=30` the answer waits \
                                for the result.

                                Besides what is listed, any route may answer 400 (the request is malformed), 401 and \
                                403 (the caller is not known, or may not do this), 405 \
                                (the method is not served; `Allow` says which are), 406 (no form that `Accept` \
                                takes can be made), 408 (the body came too slowly), 412 (`If-Match`), 413 and 415 (a body that is too \
                                large, or of a kind that is not read), 416 (`Range`) and 417 (`Expect`); with `Range`, a \
                                file may be answered in part, 206.""")
                        .license(new License().name("Apache License 2.0").identifier("Apache-2.0")))
                // Relative, so that the document is right wherever it is served.
                .servers(List.of(new Server().url("/").description("This service")));
    }

    /// Puts the tags, which the controllers describe, into the order of the story.
    @Bean
    OpenApiCustomizer tagOrder() {
        return document -> document.getTags().sort(Comparator.comparingInt(tag -> TAGS.indexOf(tag.getName())));
    }
}
