package dev.telltale.signal;

/// A frame divided: the windows to train, validate and test on, each by the position of its last row, in
/// ascending order. Owns its arrays.
public final class Parts {

    private final int[] trainRows;
    private final int[] train;
    private final int[] validation;
    private final int[] test;

    Parts(int[] trainRows, int[] train, int[] validation, int[] test) {
        this.trainRows = trainRows;
        this.train = train;
        this.validation = validation;
        this.test = test;
    }

    /// All rows of the training part, also those that end no window: what the scaling is learned from.
    public int[] trainRows() {
        return trainRows;
    }

    /// Last rows of the windows to train on.
    public int[] train() {
        return train;
    }

    /// Last rows of the windows to validate on; may be empty.
    public int[] validation() {
        return validation;
    }

    /// Last rows of the windows to test on; may be empty.
    public int[] test() {
        return test;
    }
}
