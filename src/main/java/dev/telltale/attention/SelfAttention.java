package dev.telltale.attention;

/// Computes the self-attention transform.
public interface SelfAttention {

    /// What each step comes to, in double precision. The caller closes it.
    ///
    /// @throws dev.telltale.problem.Problem if a result is not finite, or too many calls wait already
    AttentionResult transform(AttentionInput input);
}
