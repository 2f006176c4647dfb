package dev.telltale.http;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.EnumNamingStrategy;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/// How JSON is read and written. Beyond Jackson's own strictness: a record component is required unless it
/// is `@Nullable` or an `Optional`; enum constants are spelled `best-f1`; numbers are finite and never
/// texts; texts hold neither NUL nor half a character; times are RFC 3339 out, and RFC 3339 or epoch
/// milliseconds in; durations are ISO 8601.
final class JsonRules {

    private static final int MOST_NESTED = 32;
    private static final int LONGEST_NUMBER = 64;
    private static final int LONGEST_TEXT = 1_000_000;

    private JsonRules() {}

    static JsonMapper mapper() {
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MOST_NESTED)
                        .maxNumberLength(LONGEST_NUMBER)
                        .maxStringLength(LONGEST_TEXT)
                        .build())
                .build();
        return JsonMapper.builder(factory)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(
                        DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                        DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                        DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS, MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .changeDefaultNullHandling(nulls -> nulls.withContentNulls(Nulls.FAIL))
                .annotationIntrospector(new Introspector())
                .addModule(values())
                .build();
    }

    private static SimpleModule values() {
        JsonValues.FiniteDouble finite = new JsonValues.FiniteDouble();
        return new SimpleModule("telltale")
                .addDeserializer(Double.class, finite)
                .addDeserializer(double.class, finite)
                .addDeserializer(double[].class, new JsonValues.FiniteDoubles())
                .addDeserializer(String.class, new JsonValues.CleanText())
                .addKeyDeserializer(String.class, new JsonValues.CleanKey())
                .addDeserializer(Instant.class, new JsonValues.TimeReader())
                .addSerializer(Instant.class, new JsonValues.TimeWriter())
                .addDeserializer(Duration.class, new JsonValues.DurationReader())
                .addSerializer(Duration.class, new JsonValues.DurationWriter());
    }

    /// Reads from the declaration of a record which components it requires.
    private static final class Introspector extends JacksonAnnotationIntrospector {

        private static final long serialVersionUID = 1;

        @Override
        public @Nullable Boolean hasRequiredMarker(MapperConfig<?> config, AnnotatedMember member) {
            Optional<RecordComponent> component = component(member);
            return component.isPresent()
                    ? Boolean.valueOf(isRequired(component.get()))
                    : super.hasRequiredMarker(config, member);
        }

        @Override
        public JsonSetter.Value findSetterInfo(MapperConfig<?> config, Annotated annotated) {
            JsonSetter.Value info = super.findSetterInfo(config, annotated);
            boolean required = annotated instanceof AnnotatedMember member
                    && component(member).filter(Introspector::isRequired).isPresent();
            return required ? info.withValueNulls(Nulls.FAIL) : info;
        }

        @Override
        public Object findEnumNamingStrategy(MapperConfig<?> config, AnnotatedClass type) {
            EnumNamingStrategy words = (ignored, declaring, name) -> EnumWords.of(name);
            return words;
        }

        private static Optional<RecordComponent> component(AnnotatedMember member) {
            Class<?> type = member.getDeclaringClass();
            if (!type.isRecord()) {
                return Optional.empty();
            }
            RecordComponent[] components = type.getRecordComponents();
            if (member instanceof AnnotatedParameter parameter
                    && parameter.getOwner().getParameterCount() == components.length) {
                return Optional.of(components[parameter.getIndex()]);
            }
            return Arrays.stream(components)
                    .filter(component -> component.getName().equals(member.getName()))
                    .findFirst();
        }

        private static boolean isRequired(RecordComponent component) {
            return component.getType() != Optional.class
                    && !component.getAnnotatedType().isAnnotationPresent(Nullable.class);
        }
    }
}
