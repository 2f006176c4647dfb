package dev.telltale.ops;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The kinds of the Prometheus Operator, as far as they are used here: the fields are those of its API
/// `monitoring.coreos.com/v1`.
final class PrometheusOperator {

    private PrometheusOperator() {}

    record Metadata(
            @Nullable String name,
            @Nullable String namespace,
            @Nullable Map<String, String> labels) {}

    record ServiceMonitor(
            @Nullable String apiVersion,
            @Nullable String kind,
            @Nullable Metadata metadata,
            @Nullable ServiceMonitorSpec spec) {}

    record ServiceMonitorSpec(
            @Nullable String jobLabel,
            @Nullable Selector selector,
            @Nullable List<Endpoint> endpoints) {}

    record Selector(@Nullable Map<String, String> matchLabels) {}

    record Endpoint(
            @Nullable String port,
            @Nullable String path,
            @Nullable String interval,
            @Nullable String scrapeTimeout,
            @Nullable Authorization authorization) {}

    record Authorization(@Nullable String type, @Nullable SecretKey credentials) {}

    record SecretKey(@Nullable String name, @Nullable String key) {}

    record PrometheusRule(
            @Nullable String apiVersion,
            @Nullable String kind,
            @Nullable Metadata metadata,
            @Nullable PrometheusRuleSpec spec) {}

    record PrometheusRuleSpec(@Nullable List<RuleGroup> groups) {}

    record RuleGroup(
            @Nullable String name,
            @Nullable String interval,
            @Nullable List<Rule> rules) {}

    record Rule(
            @Nullable String alert,
            @Nullable String record,
            @Nullable String expr,

            @JsonProperty("for") @Nullable String duration,

            @Nullable Map<String, String> labels,
            @Nullable Map<String, String> annotations) {}
}
