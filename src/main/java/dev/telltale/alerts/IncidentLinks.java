package dev.telltale.alerts;

import dev.telltale.http.PublicUrl;
import dev.telltale.http.Times;
import java.net.URI;

/// Where a person who is told of an incident reads more of it, and says what it was.
///
/// @param service where people reach this service
public record IncidentLinks(PublicUrl service) {

    public URI incident(AlertGroup group) {
        return service.of("/api/v1/incidents/" + group.incident());
    }

    /// Its anomalies, each of which takes feedback at `/api/v1/anomalies/{id}/feedback`.
    public URI anomalies(AlertGroup group) {
        return service.of("/api/v1/anomalies?detector=" + group.detector() + "&start=" + Times.format(group.start())
                + "&end=" + Times.format(group.end()));
    }
}
