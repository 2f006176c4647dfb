package dev.telltale.models;

/// A file that does not hold what a model file must hold. Checked, so that whoever reads one says which
/// model is lost.
final class DamagedFileException extends Exception {

    private static final long serialVersionUID = 1;

    DamagedFileException(String message) {
        super(message);
    }
}
