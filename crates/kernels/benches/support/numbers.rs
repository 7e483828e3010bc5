//! Numbers that look random, the same in every run.

/// So many of them in [0, 1) (xorshift).
pub fn numbers(length: usize) -> Vec<f64> {
    let mut state = 88_172_645_463_325_252u64;
    let next = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1u64 << 53) as f64
    });
    next.take(length).collect()
}
