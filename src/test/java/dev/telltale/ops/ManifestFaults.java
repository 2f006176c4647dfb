package dev.telltale.ops;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.deser.DeserializationProblemHandler;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/// What is wrong with an object by the types that Kubernetes gives its fields: fields that it does not know, values of
/// another type, quantities that it cannot read.
///
/// Each object is read into the class of its kind and written again. A field that is lost on the way, or comes back as
/// another kind of value (a port as a text, a text as a number), is a fault.
final class ManifestFaults {

    /// How Kubernetes writes an amount: a number, with a decimal exponent or one suffix.
    private static final Pattern QUANTITY =
            Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]|[eE][+-]?\\d+)?");

    private static final Map<String, Class<?>> TYPES = Map.ofEntries(
            Map.entry("v1/Namespace", Namespace.class),
            Map.entry("v1/Service", Service.class),
            Map.entry("v1/ServiceAccount", ServiceAccount.class),
            Map.entry("apps/v1/Deployment", Deployment.class),
            Map.entry("apps/v1/StatefulSet", StatefulSet.class),
            Map.entry("autoscaling/v2/HorizontalPodAutoscaler", HorizontalPodAutoscaler.class),
            Map.entry("networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class),
            Map.entry("policy/v1/PodDisruptionBudget", PodDisruptionBudget.class),
            Map.entry("monitoring.coreos.com/v1/ServiceMonitor", PrometheusOperator.ServiceMonitor.class),
            Map.entry("monitoring.coreos.com/v1/PrometheusRule", PrometheusOperator.PrometheusRule.class));

    private final List<String> faults = new ArrayList<>();

    private ManifestFaults() {}

    /// A sentence for each fault; none if the object is as Kubernetes wants it.
    static List<String> of(JsonNode object) {
        String type =
                object.path("apiVersion").asString() + "/" + object.path("kind").asString();
        Class<?> model = TYPES.get(type);
        if (model == null) {
            return List.of("no kind of object is called " + type);
        }
        ManifestFaults found = new ManifestFaults();
        found.check(object, model);
        return found.faults;
    }

    private void check(JsonNode object, Class<?> model) {
        JsonMapper mapper = mapper();
        try {
            compare("", object, mapper.valueToTree(mapper.treeToValue(object, model)));
        } catch (JacksonException notOfTheType) {
            faults.add(notOfTheType.getOriginalMessage());
        }
    }

    /// A mapper that notes unknown fields, which the classes would keep aside, and reads no amount that is none.
    private JsonMapper mapper() {
        return JsonMapper.builder()
                .annotationIntrospector(new StrictIntrospector())
                .addModule(new SimpleModule().addDeserializer(Quantity.class, new StrictQuantity()))
                .addHandler(new DeserializationProblemHandler() {
                    @Override
                    public boolean handleUnknownProperty(
                            DeserializationContext context,
                            JsonParser parser,
                            @Nullable ValueDeserializer<?> deserializer,
                            Object beanOrClass,
                            String name) {
                        faults.add("unknown field "
                                + parser.streamReadContext().pathAsPointer().toString());
                        parser.skipChildren();
                        return true;
                    }
                })
                .enable(DeserializationFeature.FAIL_ON_IGNORED_PROPERTIES)
                .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                .build();
    }

    private void compare(String place, JsonNode written, JsonNode read) {
        if (written.isObject() && read.isObject()) {
            written.properties()
                    .forEach(field ->
                            compare(place + "/" + field.getKey(), field.getValue(), read.path(field.getKey())));
        } else if (written.isArray() && read.isArray() && written.size() == read.size()) {
            for (int i = 0; i < written.size(); i++) {
                compare(place + "/" + i, written.get(i), read.get(i));
            }
        } else if (!isSame(written, read) && !(written.isEmpty() && written.isContainer() && read.isMissingNode())) {
            boolean isUnknown = faults.stream().anyMatch(fault -> fault.endsWith(place));
            if (!isUnknown) {
                faults.add(place + " is " + written + ", but Kubernetes reads " + read);
            }
        }
    }

    /// A whole number is the same whether the class has an int or a long for it.
    private static boolean isSame(JsonNode written, JsonNode read) {
        return written.equals(read)
                || (written.isIntegralNumber() && read.isIntegralNumber() && written.longValue() == read.longValue());
    }

    /// The annotations of the classes, but for the place where they keep what they do not know.
    private static final class StrictIntrospector extends JacksonAnnotationIntrospector {

        private static final long serialVersionUID = 1;

        @Override
        public @Nullable Boolean hasAnySetter(MapperConfig<?> config, Annotated annotated) {
            return false;
        }

        @Override
        public @Nullable Boolean hasAnyGetter(MapperConfig<?> config, Annotated annotated) {
            return false;
        }

        @Override
        public @Nullable Object findDeserializer(MapperConfig<?> config, Annotated annotated) {
            return annotated.getRawType() == Quantity.class ? null : super.findDeserializer(config, annotated);
        }
    }

    private static final class StrictQuantity extends ValueDeserializer<Quantity> {

        @Override
        public Quantity deserialize(JsonParser parser, DeserializationContext context) {
            String text = parser.getString();
            if (!QUANTITY.matcher(text).matches()) {
                throw context.weirdStringException(text, Quantity.class, "no amount such as 500m or 1Gi");
            }
            return new Quantity(text);
        }
    }
}
