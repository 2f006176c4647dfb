package dev.telltale.autoencoder;

/// What stands between two layers, for one value. Loops over arrays become vector instructions, since there
/// is neither a branch nor a call in it; the bits are the same on every processor, compiled or not.
///
/// tanh and erf are x·P(x²)/Q(x²) up to where they are 1 in a float. The coefficients minimise the largest
/// absolute error: least squares over 4,000 Chebyshev points, linearised by the denominator of the round
/// before and weighted by the errors so far (Lawson), 400 rounds. The sums run in doubles: in floats their
/// rounding alone would be ten times the error of the fit.
final class Activations {

    private static final double TANH_END = 9.02; // 1 − tanh is 3e-8 there
    private static final double ERF_END = 4; // 1 − erf is 1.6e-8 there

    private static final float EXP_END = -87; // the power of two is still a normal float
    private static final float BINARY = 1.442695f; // 1 / ln 2, in two floats
    private static final float BINARY_REST = (float) (1.4426950408889634 - BINARY);

    private Activations() {}

    static float relu(float x) {
        return Math.max(x, 0f);
    }

    /// Off by at most 5e-8.
    static float tanh(float x) {
        return (float) tangent(x);
    }

    /// Off by at most 4e-8.
    static float sigmoid(float x) {
        return (float) Math.fma(0.5, tangent(0.5 * x), 0.5);
    }

    /// x·Φ(x), off by at most 7e-8 and half a unit in the last place.
    static float gelu(float x) {
        return (float) (0.5 * x * (1 + erf(x * Math.sqrt(0.5))));
    }

    /// eˣ for x of at most 0, off by at most 2e-7 of it; below −87 it stays at e⁻⁸⁷, which is nothing beside 1.
    static float exp(float x) {
        float at = Math.max(x, EXP_END);
        int whole = (int) (at * BINARY); // towards 0
        float f = Math.fma(at, BINARY_REST, Math.fma(at, BINARY, -whole));
        float p = 1.08511274e-4f;
        p = Math.fma(p, f, 0.0012730521f);
        p = Math.fma(p, f, 0.009577012f);
        p = Math.fma(p, f, 0.05548942f);
        p = Math.fma(p, f, 0.24022397f);
        p = Math.fma(p, f, 0.693147f);
        p = Math.fma(p, f, 1.0f);
        return Float.intBitsToFloat((whole + 127) << 23) * p;
    }

    /// tanh, off by at most 1.9e-8.
    private static double tangent(double of) {
        double x = Math.max(-TANH_END, Math.min(TANH_END, of));
        double s = x * x;
        double p = 1.3148620979091376e-8;
        p = Math.fma(p, s, 2.04459146995242e-5);
        p = Math.fma(p, s, 3.484995084644037e-3);
        p = Math.fma(p, s, 0.13371856846658747);
        p = Math.fma(p, s, 0.9999999044001014);
        double q = 7.688030295644296e-7;
        q = Math.fma(q, s, 3.2687991862552696e-4);
        q = Math.fma(q, s, 2.583592812069677e-2);
        q = Math.fma(q, s, 0.4670515299628948);
        q = Math.fma(q, s, 1);
        return withinOne(x * p / q);
    }

    /// The error function, off by at most 2.2e-8; exactly ±1 from 4 on, where gelu would multiply what is missing.
    private static double erf(double of) {
        double x = Math.max(-ERF_END, Math.min(ERF_END, of));
        double s = x * x;
        double p = 1.9748293361011716e-6;
        p = Math.fma(p, s, 2.8804260325821326e-4);
        p = Math.fma(p, s, 4.003678995165568e-3);
        p = Math.fma(p, s, 5.346757707012582e-2);
        p = Math.fma(p, s, 0.1962496921590589);
        p = Math.fma(p, s, 1.1283789763814775);
        double q = 3.748091863704132e-5;
        q = Math.fma(q, s, 1.2163688662223636e-3);
        q = Math.fma(q, s, 1.5444486030781619e-2);
        q = Math.fma(q, s, 0.11647672654871748);
        q = Math.fma(q, s, 0.507252919709959);
        q = Math.fma(q, s, 1);
        return withinOne(x * p / q);
    }

    private static double withinOne(double x) {
        return Math.max(-1, Math.min(1, x));
    }
}
