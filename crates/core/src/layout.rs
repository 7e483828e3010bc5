//! Where each word and byte of a slot's shared memory lies.
//!
//! The words that different threads write lie on cache lines of their own: a line and its prefetched neighbour, 128 bytes.

/// Claims that a worker may have in progress at once: one, and one more for each item that awaits work nested in it.
pub const FRAMES: usize = 2048;
/// The first frames, which have room for `CLAIM_MAX` items: deeper ones are rare, and seldom hold much.
pub const LARGE_FRAMES: usize = 16;
/// Items of a claim, at most.
pub const CLAIM_MAX: u32 = 4096;
/// Elements of a claim in the first frame, at most: they take a few nanoseconds each, and a claim some microseconds. As many as the first frame has
/// state and ask bytes; in the others elements count as items.
pub const ELEMENTS_MAX: u32 = 65_536;
/// Items of a claim in one of the other frames.
pub const SMALL_CLAIM_MAX: u32 = 64;
/// Items of all frames.
const ITEMS: usize = items_before(FRAMES);
/// Finished results a worker may hold before it must call `commit`.
pub const OUTBOX_BYTES: usize = 256 * 1024;
/// What a cell of an open row holds until its result is there: a NaN that no computation gives, for its lowest bits are not 0. Should a result be just
/// this one all the same, it is only told later, with the end of its row.
pub const EMPTY: u64 = 0x7ff4_5eed_0b5e_7a11;
/// Distance between words that different threads write.
pub const STRIDE: usize = 128;

/// u32: 0 awake, 1 parked; what an idle worker waits on.
pub const RING: usize = 0;
/// u32: end of the committed records in the outbox.
pub const WRITTEN: usize = STRIDE;
/// u32: bytes of the table that stands open behind them; 0 for none.
pub const OPEN_TABLE: usize = WRITTEN + 4;
/// u32 for each frame, `STRIDE` apart: items below it may have begun.
pub const STARTED: usize = 2 * STRIDE;
/// u32 for each frame, `STRIDE` apart: items from it on are not the worker's.
pub const LIMIT: usize = STARTED + FRAMES * STRIDE;
/// [`elements_max`] bytes for each frame: 0 queued, 1 started, 2 committed.
pub const STATE: usize = LIMIT + FRAMES * STRIDE;
/// As many for each frame: see [`crate::Ask`].
pub const ASK: usize = STATE + ITEMS;
/// The outbox.
pub const OUTBOX: usize = ASK + ITEMS;
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
    STATE + items_before(frame)
}

/// Offset of the first ask byte of a frame.
pub const fn ask(frame: usize) -> usize {
    ASK + items_before(frame)
}

/// Items of a claim in this frame, at most.
pub const fn claim_max(frame: usize) -> u32 {
    if frame < LARGE_FRAMES {
        CLAIM_MAX
    } else {
        SMALL_CLAIM_MAX
    }
}

/// Elements of a claim in this frame, at most.
pub const fn elements_max(frame: usize) -> u32 {
    if frame == 0 {
        ELEMENTS_MAX
    } else {
        claim_max(frame)
    }
}

const fn items_before(frame: usize) -> usize {
    if frame == 0 {
        return 0;
    }
    let first = ELEMENTS_MAX as usize;
    if frame <= LARGE_FRAMES {
        first + (frame - 1) * CLAIM_MAX as usize
    } else {
        first
            + (LARGE_FRAMES - 1) * CLAIM_MAX as usize
            + (frame - LARGE_FRAMES) * SMALL_CLAIM_MAX as usize
    }
}

/// The layout as one value, so that JavaScript has it from here and never repeats a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Layout {
    pub frames: u32,
    pub large_frames: u32,
    pub claim_max: u32,
    pub elements_max: u32,
    pub small_claim_max: u32,
    pub stride: u32,
    pub ring: u32,
    pub written: u32,
    pub open_table: u32,
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
        large_frames: LARGE_FRAMES as u32,
        claim_max: CLAIM_MAX,
        elements_max: ELEMENTS_MAX,
        small_claim_max: SMALL_CLAIM_MAX,
        stride: STRIDE as u32,
        ring: RING as u32,
        written: WRITTEN as u32,
        open_table: OPEN_TABLE as u32,
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
        for frame in 0..FRAMES {
            assert_eq!(
                state(frame + 1) - state(frame),
                elements_max(frame) as usize
            );
            assert!(claim_max(frame) <= elements_max(frame));
            assert_eq!(state(frame) % 8, 0, "state bytes are reset by words");
        }
        const { assert!(FRAMES <= 1 << 16, "a record has two bytes for the frame") };
    }
}
