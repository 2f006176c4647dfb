package dev.telltale.detection;

/// Joins what two judges say of a row: the sum of their evidence, which is −ln of the product of their tail
/// probabilities. By Fisher's method that is the most even-handed joint test of two; as judges of the same row
/// are not independent, how large a sum is ordinary is learned from normal rows, as for any error.
///
/// @see <a href="https://doi.org/10.1007/978-1-4612-4380-9_6">Fisher (1925), section 21.1</a>
public final class Blend {

    private final Calibration first;
    private final Calibration second;

    /// @param first of the errors of one judge
    /// @param second of the errors of the other
    public Blend(Calibration first, Calibration second) {
        this.first = first;
        this.second = second;
    }

    /// The blend of two errors of one row, at least 0 and finite. It is to a threshold rule what an error is.
    public double of(double firstError, double secondError) {
        return Math.min(first.evidence(firstError) + second.evidence(secondError), Double.MAX_VALUE);
    }

    /// The blends of rows, in their order.
    public ReconstructionErrors of(ReconstructionErrors firstErrors, ReconstructionErrors secondErrors) {
        double[] blends = new double[firstErrors.count()];
        for (int i = 0; i < blends.length; i++) {
            blends[i] = of(firstErrors.value(i), secondErrors.value(i));
        }
        return new ReconstructionErrors(blends);
    }
}
