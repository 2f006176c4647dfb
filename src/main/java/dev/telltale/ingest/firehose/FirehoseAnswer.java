package dev.telltale.ingest.firehose;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// What Firehose reads of an answer; anything else is a failed delivery to it.
///
/// @param requestId that of the request
/// @param timestamp epoch milliseconds
@Schema(name = "FirehoseAnswer")
@JsonInclude(JsonInclude.Include.NON_NULL)
record FirehoseAnswer(
        @Schema(example = "ed4acda5-034f-9f42-bba1-f29aea6d7d8f")
        String requestId,

        @Schema(description = "epoch milliseconds", example = "1578090903599")
        long timestamp,

        @Schema(description = "why the delivery failed; absent if it did not") @Nullable
        String errorMessage) {}
