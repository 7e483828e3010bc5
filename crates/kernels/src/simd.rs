//! One loop compiled for wider registers too, chosen by what this processor has. There are no intrinsics: the compiler makes vectors of the
//! lanes, which are a matter of the source, so every processor gives the same bits.

use crate::sum::Lanes;

/// Adds one block to the lanes.
#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code)]
pub(crate) fn add<T: Copy + Into<f64>>(lanes: &mut Lanes, block: &[T]) {
    if std::is_x86_feature_detected!("avx512f") {
        // SAFETY: the processor has it; the function has no other conditions.
        return unsafe { add_avx512(lanes, block) };
    }
    if std::is_x86_feature_detected!("avx2") {
        // SAFETY: as above.
        return unsafe { add_avx2(lanes, block) };
    }
    lanes.add(block);
}

/// Adds one block to the lanes. What every processor of this architecture has is wide already.
#[cfg(not(target_arch = "x86_64"))]
pub(crate) fn add<T: Copy + Into<f64>>(lanes: &mut Lanes, block: &[T]) {
    lanes.add(block);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f")]
fn add_avx512<T: Copy + Into<f64>>(lanes: &mut Lanes, block: &[T]) {
    lanes.add(block);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn add_avx2<T: Copy + Into<f64>>(lanes: &mut Lanes, block: &[T]) {
    lanes.add(block);
}
