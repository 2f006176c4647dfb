package dev.telltale.ops;

/// The settings do not allow the service to start. Carries what helps, for `StartRefusedAnalyzer`.
final class StartRefused extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String advice;

    StartRefused(String reason, String advice) {
        super(reason);
        this.advice = advice;
    }

    String advice() {
        return advice;
    }
}
