//! Where each word and byte of a slot's shared memory lies.
//!
//! The words that different threads write lie on cache lines of their own: a line and its prefetched neighbour, 128 bytes.

/// Claims that a worker may have in progress at once.
pub const FRAMES: usize = 16;
/// Items of a claim, at most: the size of a frame's state and ask bytes.
pub const CLAIM_MAX: u32 = 4096;
/// Finished results a worker may hold before it must call `commit`.
pub const OUTBOX_BYTES: usize = 256 * 1024;
/// Distance between words that different threads write.
pub const STRIDE: usize = 128;

/// u32: 0 awake, 1 parked; what an idle worker waits on.
pub const RING: usize = 0;
/// u32: end of the committed records in the outbox.
pub const WRITTEN: usize = STRIDE;
/// u32 for each frame, `STRIDE` apart: items below it may have begun.
pub const STARTED: usize = 2 * STRIDE;
/// u32 for each frame, `STRIDE` apart: items from it on are not the worker's.
pub const LIMIT: usize = STARTED + FRAMES * STRIDE;
/// `CLAIM_MAX` bytes for each frame: 0 queued, 1 started, 2 committed.
pub const STATE: usize = LIMIT + FRAMES * STRIDE;
/// `CLAIM_MAX` bytes for each frame: see [`crate::Ask`].
pub const ASK: usize = STATE + FRAMES * CLAIM_MAX as usize;
/// The outbox.
pub const OUTBOX: usize = ASK + FRAMES * CLAIM_MAX as usize;
/// Size of a slot's shared memory.
pub const PANEL_BYTES: usize = OUTBOX + OUTBOX_BYTES;

/// u32 of the pool's own shared memory: bumped whenever work arrives, so that spinning workers see it.
pub const POOL_WORK: usize = 0;
/// Size of the pool's own shared memory.
pub const POOL_BYTES: usize = STRIDE;

/// Offset of the `started` word of a frame.
pub const fn started(frame: usize) -> usize {
    STARTED + frame * STRIDE
}

/// Offset of the `limit` word of a frame.
pub const fn limit(frame: usize) -> usize {
    LIMIT + frame * STRIDE
}

/// Offset of the first state byte of a frame.
pub const fn state(frame: usize) -> usize {
    STATE + frame * CLAIM_MAX as usize
}

/// Offset of the first ask byte of a frame.
pub const fn ask(frame: usize) -> usize {
    ASK + frame * CLAIM_MAX as usize
}

/// The layout as one value, so that JavaScript has it from here and never repeats a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Layout {
    pub frames: u32,
    pub claim_max: u32,
    pub stride: u32,
    pub ring: u32,
    pub written: u32,
    pub started: u32,
    pub limit: u32,
    pub state: u32,
    pub ask: u32,
    pub outbox: u32,
    pub outbox_bytes: u32,
    pub panel_bytes: u32,
    pub pool_work: u32,
    pub pool_bytes: u32,
    pub record_header: u32,
}

/// The layout of this build.
pub const fn layout() -> Layout {
    Layout {
        frames: FRAMES as u32,
        claim_max: CLAIM_MAX,
        stride: STRIDE as u32,
        ring: RING as u32,
        written: WRITTEN as u32,
        started: STARTED as u32,
        limit: LIMIT as u32,
        state: STATE as u32,
        ask: ASK as u32,
        outbox: OUTBOX as u32,
        outbox_bytes: OUTBOX_BYTES as u32,
        panel_bytes: PANEL_BYTES as u32,
        pool_work: POOL_WORK as u32,
        pool_bytes: POOL_BYTES as u32,
        record_header: crate::record::HEADER as u32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_follow_one_another_without_overlap() {
        const { assert!(WRITTEN >= RING + 4 && STARTED >= WRITTEN + 4) };
        assert_eq!(started(FRAMES), LIMIT);
        assert_eq!(limit(FRAMES), STATE);
        assert_eq!(state(FRAMES), ASK);
        assert_eq!(ask(FRAMES), OUTBOX);
        assert_eq!(OUTBOX % 8, 0, "records are aligned to 8");
    }
}
