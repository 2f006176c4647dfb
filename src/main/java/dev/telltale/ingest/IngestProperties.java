package dev.telltale.ingest;

import dev.telltale.problem.Problem;
import dev.telltale.series.Selector;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// What of the pushed samples is kept. Other records share the prefix, so their settings are not unknown here.
///
/// @param keep selectors such as `{job="node"}`: only series that one of them
///     matches are kept; all, if there is none
@ConfigurationProperties(prefix = "telltale.ingest")
record IngestProperties(@DefaultValue List<String> keep) {

    IngestProperties {
        keep = List.copyOf(keep);
        keep.forEach(IngestProperties::parse);
    }

    List<Selector> selectors() {
        return keep.stream().map(IngestProperties::parse).toList();
    }

    private static Selector parse(String text) {
        try {
            return Selector.parse(text);
        } catch (Problem unreadable) {
            throw new IllegalArgumentException(
                    "telltale.ingest.keep has '" + text + "', which is no selector: " + unreadable.detail());
        }
    }
}
