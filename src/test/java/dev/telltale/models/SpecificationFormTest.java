package dev.telltale.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.autoencoder.AttentionArchitecture;
import dev.telltale.autoencoder.DenseArchitecture;
import dev.telltale.autoencoder.EarlyStopping;
import dev.telltale.autoencoder.Layer;
import dev.telltale.autoencoder.Optimizer;
import dev.telltale.autoencoder.Preset;
import dev.telltale.autoencoder.TrainingSettings;
import dev.telltale.detection.ThresholdRule;
import dev.telltale.http.Json;
import dev.telltale.models.ModelSpecification.Annotated;
import dev.telltale.models.ModelSpecification.ScalingChoice;
import dev.telltale.models.ModelSpecification.Threshold;
import dev.telltale.problem.Problem;
import dev.telltale.problem.ProblemError;
import dev.telltale.problem.ProblemKind;
import dev.telltale.signal.GapPolicy;
import dev.telltale.signal.Scaling;
import dev.telltale.signal.Split;
import dev.telltale.signal.Windowing;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpecificationFormTest {

    private static final Json JSON = new Json();

    @Test
    void hasTheDefaultsOfTheContract() {
        assertThat(read("")).isEqualTo(TestModels.specification("m", 32));
    }

    @Test
    void readsTheExampleOfTheContract() {
        assertThat(read("""
                , "range": {"start": null, "end": null},
                 "architecture": {"preset": "base"}, "windowing": {"length": 32, "stride": 1},
                 "scaling": {"kind": "min-max", "over": "train"}, "gaps": {"fill": "previous"},
                 "split": {"train": 0.7, "validation": 0.15, "test": 0.15, "order": "chronological"},
                 "training": {"epochs": 50, "batchSize": 32, "learningRate": 0.001, "optimizer": {"kind": "adam"},
                              "weightDecay": 0, "earlyStopping": {"patience": 5, "minDelta": 0.0001},
                              "annotated": "exclude", "annotationSet": "default", "seed": 42},
                 "threshold": {"rule": "rate", "rate": 0.0001, "of": "validation"}""")).isEqualTo(TestModels.specification("m", 32));
    }

    @Test
    void readsTheSizesOfAttentionAndFillsInThoseOfThePreset() {
        ModelSpecification read = read("""
                , "architecture": {"kind": "attention", "heads": 8, "positions": "learned", "dropout": 0}""");

        assertThat(read.architecture())
                .isEqualTo(new AttentionArchitecture(32, 8, 2, 64, 8, 0, Layer.Positions.Encoding.LEARNED));
        assertThat(read(", \"architecture\": \"attention\"").architecture().spelledOut(1, 1))
                .isEqualTo(AttentionArchitecture.DEFAULT);
    }

    @Test
    void readsEveryChoiceThatIsNotADefault() {
        ModelSpecification read = read("""
                , "range": {"start": 1700000000000, "end": "2024-01-01T00:00:00Z"},
                 "architecture": {"kind": "dense", "encoder": [{"linear": 8}, {"activation": "gelu"}, {"dropout": 0.2}],
                                  "decoder": [{"linear": 3}]},
                 "windowing": {"length": 3, "stride": 2}, "scaling": {"kind": "robust", "over": "all"},
                 "gaps": {"fill": "none"}, "split": {"train": 100, "validation": 20, "test": 30, "order": "shuffled"},
                 "training": {"epochs": 7, "batchSize": 8, "learningRate": 0.5,
                              "optimizer": {"kind": "sgd", "momentum": 0.9}, "weightDecay": 0.01,
                              "earlyStopping": {"patience": 2, "minDelta": 0}, "annotated": "include",
                              "annotationSet": "nab", "seed": -1},
                 "threshold": {"rule": "quantile", "q": 0.97, "of": "train"}""");

        assertThat(read.range().first()).isEqualTo(1_700_000_000_000L);
        assertThat(read.range().last()).isEqualTo(TestModels.ORIGIN);
        assertThat(read.architecture()).isInstanceOfSatisfying(DenseArchitecture.class, dense -> {
            assertThat(dense.encoder()).hasSize(3).last().isEqualTo(new Layer.Dropout(0.2));
            assertThat(dense.decoder()).containsExactly(new Layer.Linear(3));
        });
        assertThat(read.windowing()).isEqualTo(new Windowing(3, 2));
        assertThat(read.scaling()).isEqualTo(new ScalingChoice(Scaling.Kind.ROBUST, ScalingChoice.Over.ALL));
        assertThat(read.gaps()).isEqualTo(new GapPolicy(GapPolicy.Fill.NONE));
        assertThat(read.split()).isEqualTo(new Split(100, 20, 30, Split.Order.SHUFFLED));
        assertThat(read.training())
                .isEqualTo(new TrainingSettings(
                        7, 8, 0.5, new Optimizer.Sgd(0.9), 0.01, Optional.of(new EarlyStopping(2, 0)), -1));
        assertThat(read.annotated()).isEqualTo(new Annotated(Annotated.Use.INCLUDE, "nab"));
        assertThat(read.threshold()).isEqualTo(new Threshold(new ThresholdRule.Quantile(0.97), Threshold.Part.TRAIN));
    }

    @Test
    void tellsNullFromAbsenceOfEarlyStopping() {
        assertThat(read(", \"training\": {\"earlyStopping\": null}").training().earlyStopping())
                .isEmpty();
        assertThat(read(", \"training\": {\"epochs\": 3}").training().earlyStopping())
                .contains(new EarlyStopping(5, 0.0001));
        assertThat(read(", \"training\": {\"earlyStopping\": {}}").training().earlyStopping())
                .contains(new EarlyStopping(5, 0.0001));
    }

    @Test
    void takesPlainStringsForScalingAndPresets() {
        ModelSpecification read = read(", \"scaling\": \"standard\", \"architecture\": \"tanh\"");

        assertThat(read.scaling()).isEqualTo(new ScalingChoice(Scaling.Kind.STANDARD, ScalingChoice.Over.TRAIN));
        assertThat(read.architecture()).isEqualTo(Preset.TANH);
    }

    @Test
    void leavesPartsOfASplitEmptyThatAreNotNamed() {
        assertThat(read(", \"split\": {\"train\": 1}").split())
                .isEqualTo(new Split(1, 0, 0, Split.Order.CHRONOLOGICAL));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ", \"training\": {\"earlyStopping\": null}",
                ", \"architecture\": {\"kind\": \"dense\", \"encoder\": [{\"linear\": 8}], \"decoder\": []}",
                ", \"threshold\": {\"rule\": \"fixed\", \"error\": 0.5}",
                ", \"threshold\": {\"rule\": \"sigma\", \"k\": 3}",
                ", \"partner\": {\"kind\": \"random-cut-forest\"}",
                ", \"features\": [\"difference\", \"rate\", \"log1p\", \"hour-of-day\", \"day-of-week\"]",
                ", \"features\": [{\"kind\": \"rolling-mean\", \"window\": 12, \"of\": \"cpu\"}, {\"kind\": \"rolling-deviation\", \"window\": 12}]",
                ", \"training\": {\"optimizer\": {\"kind\": \"adamw\"}}",
                ", \"range\": {\"start\": \"2024-01-01T00:00:00.5Z\"}",
            })
    void readsBackWhatItWrites(String fields) {
        ModelSpecification specification = read(fields);

        assertThat(JSON.read(new ByteArrayInputStream(JSON.write(specification)), ModelSpecification.class))
                .isEqualTo(specification);
    }

    @Test
    void takesAtMost256ChannelsWithThoseOfFeatures() {
        StringBuilder features = new StringBuilder();
        for (int window = 2; window < 2 + 255; window++) {
            features.append(window == 2 ? "" : ",").append("{\"kind\":\"rolling-mean\",\"window\":" + window + "}");
        }

        assertThat(read(", \"features\": [" + features + "]").channels()).isEqualTo(256);
        assertThatThrownBy(() -> read(", \"features\": [" + features + ", \"rate\"]"))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.detail()).contains("257 channels"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                ", \"features\": [\"speed\"]| /features/0",
                ", \"features\": [\"rolling-mean\"]| /features/0",
                ", \"features\": [{\"kind\": \"rolling-mean\", \"window\": 1}]| /features/0",
                ", \"features\": [{\"kind\": \"rolling-deviation\", \"window\": 10001}]| /features/0",
                ", \"features\": [\"log1p\", {\"kind\": \"rate\", \"window\": 5}]| /features/1",
                ", \"features\": [\"rate\", {\"kind\": \"difference\", \"of\": \"memory\"}]| /features/1/of",
                ", \"features\": [{\"kind\": \"day-of-week\", \"of\": \"cpu\"}]| /features/0/of",
                ", \"features\": [\"rate\", {\"kind\": \"rate\", \"of\": \"cpu\"}]| /features/1",
                ", \"features\": [\"hour-of-day\", \"hour-of-day\"]| /features/1",
                ", \"errorOf\": \"first\"| /errorOf",
                ", \"partner\": {\"kind\": \"lion\"}| /partner/kind",
                ", \"partner\": {\"kind\": \"robust-z-score\"}, \"threshold\": {\"rule\": \"fixed\", \"error\": 1}| /threshold/rule",
                ", \"select\": \"cpu\"| /select",
                ", \"training\": {\"epoch\": 1}| /training/epoch",
                ", \"training\": {\"epochs\": 0}| /training",
                ", \"training\": {\"epochs\": 1.5}| /training/epochs",
                ", \"training\": {\"epochs\": \"5\"}| /training/epochs",
                ", \"training\": {\"learningRate\": 1e999}| /training/learningRate",
                ", \"training\": {\"learningRate\": 2}| /training",
                ", \"training\": {\"annotated\": \"push\"}| /training/annotated",
                ", \"training\": {\"optimizer\": {\"kind\": \"lion\"}}| /training/optimizer/kind",
                ", \"training\": {\"optimizer\": {\"kind\": \"adam\", \"momentum\": 0.9}}| /training/optimizer",
                ", \"training\": {\"earlyStopping\": {\"patience\": 0}}| /training/earlyStopping",
                ", \"architecture\": {\"preset\": \"auto\"}| /architecture",
                ", \"architecture\": {\"kind\": \"transformer\"}| /architecture/kind",
                ", \"architecture\": {\"kind\": \"attention\", \"heads\": 3}| /architecture",
                ", \"architecture\": {\"kind\": \"attention\", \"width\": 1025}| /architecture",
                ", \"architecture\": {\"kind\": \"attention\", \"layers\": 17}| /architecture",
                ", \"architecture\": {\"kind\": \"attention\", \"dropout\": 1}| /architecture",
                ", \"architecture\": {\"kind\": \"attention\", \"positions\": \"none\"}| /architecture/positions",
                ", \"architecture\": {\"kind\": \"attention\", \"encoder\": []}| /architecture",
                ", \"architecture\": {\"kind\": \"dense\", \"encoder\": [{\"linear\": 1}], \"width\": 1}| /architecture",
                ", \"architecture\": {\"preset\": \"base\", \"heads\": 1}| /architecture",
                ", \"architecture\": {\"kind\": \"dense\", \"encoder\": [{\"linear\": 0}]}| /architecture/encoder/0",
                ", \"architecture\": {\"kind\": \"dense\", \"encoder\": [{}]}| /architecture/encoder/0",
                ", \"windowing\": {\"length\": 0}| /windowing",
                ", \"windowing\": {\"length\": 10001}| /windowing",
                ", \"scaling\": \"log\"| /scaling",
                ", \"scaling\": {\"kind\": \"log\"}| /scaling/kind",
                ", \"split\": {\"train\": 0.9, \"test\": 0.2}| /split",
                ", \"gaps\": {\"fill\": \"mean\"}| /gaps/fill",
                ", \"threshold\": {\"rule\": \"best\"}| /threshold/rule",
                ", \"threshold\": {\"rule\": \"rate\"}| /threshold",
                ", \"threshold\": {\"rule\": \"rate\", \"rate\": 0}| /threshold",
                ", \"threshold\": {\"rule\": \"rate\", \"rate\": 0.1, \"q\": 0.9}| /threshold",
                ", \"threshold\": {\"rule\": \"fixed\", \"error\": 1, \"of\": \"train\"}| /threshold",
                ", \"range\": {\"start\": 2, \"end\": 1}| /range",
                ", \"range\": {\"start\": \"yesterday\"}| /range/start",
            })
    void pointsToWhatItRefuses(String fields, String pointer) {
        assertThatThrownBy(() -> read(fields)).isInstanceOfSatisfying(Problem.class, problem -> {
            assertThat(problem.type().kind()).isEqualTo(ProblemKind.INVALID);
            assertThat(problem.errors()).extracting(ProblemError::pointer).contains(pointer);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"name\":\"m\",\"series\":[]}", "{\"series\":[\"cpu\"]}", "{\"name\":\"m\"}", "{}", "[]", ""})
    void refusesAnIncompleteBody(String body) {
        assertThatThrownBy(() -> parse(body))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.type().kind()).isEqualTo(ProblemKind.INVALID));
    }

    @Test
    void takesSeveralSeriesInTheirOrder() {
        ModelSpecification specification = parse("{\"name\":\"m\",\"series\":[\"b\",\"a\"]}");

        assertThat(specification.series()).containsExactly("b", "a");
        assertThat(specification.channels()).isEqualTo(2);
        assertThat(specification.layers().getFirst().inputs()).isEqualTo(64); // 2 channels of 32 rows
    }

    @Test
    void refusesMoreSeriesThanAModelTakesAndOneTwice() {
        String many =
                IntStream.rangeClosed(0, 256).mapToObj(i -> "\"s" + i + "\"").collect(Collectors.joining(","));
        for (String series : List.of(many, "\"a\",\"b\",\"a\"")) {
            assertThatThrownBy(() -> parse("{\"name\":\"m\",\"series\":[" + series + "]}"))
                    .isInstanceOfSatisfying(
                            Problem.class,
                            problem -> assertThat(problem.type()).isEqualTo(ModelsProblem.BAD_SPECIFICATION));
        }
    }

    @Test
    void refusesANetworkThatDoesNotTakeTheWindows() {
        assertThatThrownBy(() -> read(", \"architecture\": \"manufacturing\", \"windowing\": {\"length\": 999}"))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.type().kind()).isEqualTo(ProblemKind.UNPROCESSABLE));
    }

    /// A specification of model `m` on series `cpu` with further fields.
    private static ModelSpecification read(String fields) {
        return parse("{\"name\": \"m\", \"series\": [\"cpu\"]" + fields + "}");
    }

    private static ModelSpecification parse(String body) {
        return JSON.read(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)), SpecificationForm.class)
                .specification();
    }
}
