package dev.telltale.models;

import dev.telltale.autoencoder.Architecture;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/// A search for a better specification by successive halving: many candidates are trained for few epochs, the
/// better third of them for three times as many, and so on until few get all epochs.
///
/// @param base what is not searched
/// @param budget trainings in all, the last one, which makes the model, included; from 3 to 1,000
/// @param seed decides which candidates are tried where there are more than the budget allows
/// @see <a href="https://arxiv.org/abs/1502.07943">Jamieson and Talwalkar (2016), Non-stochastic best arm
///     identification</a>
record Tuning(ModelSpecification base, Space space, Objective objective, int budget, long seed) {

    static final int FEWEST_TRAININGS = 3;
    static final int MOST_TRAININGS = 1_000;
    private static final int KEPT = 3; // one of so many goes on
    private static final long MOST_CANDIDATES = 1_000_000;

    /// What makes one candidate better than another.
    enum Objective {
        /// The lowest validation loss of its epochs.
        VALIDATION_LOSS,
        /// Average precision of its errors on the annotated validation part.
        AVERAGE_PRECISION
    }

    /// What is searched. Of each list any value may be chosen; an empty one leaves the base as it is.
    ///
    /// @param lengths of windows
    /// @param dropouts shares dropped
    record Space(
            List<Architecture> architectures,
            List<Integer> lengths,
            List<Double> learningRates,
            List<Double> dropouts,
            List<Double> weightDecays) {

        Space {
            architectures = List.copyOf(architectures);
            lengths = List.copyOf(lengths);
            learningRates = List.copyOf(learningRates);
            dropouts = List.copyOf(dropouts);
            weightDecays = List.copyOf(weightDecays);
        }

        private List<Integer> sizes() {
            return List.of(
                            architectures.size(),
                            lengths.size(),
                            learningRates.size(),
                            dropouts.size(),
                            weightDecays.size())
                    .stream()
                    .map(size -> Math.max(1, size))
                    .toList();
        }

        long candidates() {
            return sizes().stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
        }
    }

    /// Candidates that are trained for as many epochs each.
    record Rung(int candidates, int epochs) {}

    Tuning {
        if (space.candidates() < 2) {
            throw ModelsProblem.BAD_TUNING.because(
                    "the space holds nothing to choose from; give at least one list with two values");
        }
        if (space.candidates() > MOST_CANDIDATES) {
            throw ModelsProblem.BAD_TUNING.because(
                    "the space holds %d candidates, at most %d are looked through; leave values out",
                    space.candidates(), MOST_CANDIDATES);
        }
        if (budget < FEWEST_TRAININGS || budget > MOST_TRAININGS) {
            throw ModelsProblem.BAD_TUNING.because(
                    "budget must be from %d to %d trainings, was %d: the last one makes the model",
                    FEWEST_TRAININGS, MOST_TRAININGS, budget);
        }
    }

    /// How many candidates are trained for how long. All trainings and the one that makes the model fit the budget.
    List<Rung> rungs() {
        int most = (int) Math.min(space.candidates(), budget - 1);
        for (int first = most; first > 1; first--) {
            List<Rung> rungs = rungs(first);
            if (rungs.stream().mapToInt(Rung::candidates).sum() < budget) {
                return rungs;
            }
        }
        return List.of(new Rung(most, base.training().epochs())); // too few to halve
    }

    private List<Rung> rungs(int most) {
        int epochs = base.training().epochs();
        List<Rung> rungs = new ArrayList<>();
        int share = 1;
        for (int left = most; left > 1 && epochs / share > 1; left = Math.ceilDiv(left, KEPT)) {
            share *= KEPT;
        }
        int left = most;
        for (; share > 1; share /= KEPT) {
            rungs.add(new Rung(left, Math.max(1, epochs / share)));
            left = Math.ceilDiv(left, KEPT);
        }
        rungs.add(new Rung(left, epochs));
        return rungs;
    }

    /// Different candidates by chance, as many as the first rung takes; all where there are no more.
    List<Candidate> candidates() {
        int wanted = rungs().getFirst().candidates();
        Random random = new Random(seed);
        Set<Long> numbers = new LinkedHashSet<>();
        while (numbers.size() < wanted) {
            numbers.add(random.nextLong(space.candidates()));
        }
        return numbers.stream().map(this::candidate).toList();
    }

    private Candidate candidate(long number) {
        List<Integer> sizes = space.sizes();
        long left = number;
        int[] chosen = new int[sizes.size()];
        for (int i = 0; i < chosen.length; i++) {
            chosen[i] = (int) (left % sizes.get(i));
            left /= sizes.get(i);
        }
        return new Candidate(
                base,
                chosen(space.architectures(), chosen[0], base.architecture()),
                chosen(space.lengths(), chosen[1], base.windowing().length()),
                chosen(space.learningRates(), chosen[2], base.training().learningRate()),
                space.dropouts().isEmpty()
                        ? Optional.empty()
                        : Optional.of(space.dropouts().get(chosen[3])),
                chosen(space.weightDecays(), chosen[4], base.training().weightDecay()));
    }

    private static <T> T chosen(List<T> values, int index, T otherwise) {
        return values.isEmpty() ? otherwise : values.get(index);
    }
}
