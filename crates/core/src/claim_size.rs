//! How many items a worker gets at once, decided at the claim.

use std::time::Duration;

/// Work that a claim should hold: a hundred times what a claim costs with cold caches (5 µs; at 200 µs it was 3 % of maps of 5 µs items), and
/// short enough that another job's turn comes soon.
const SLICE: Duration = Duration::from_micros(500);
/// The same at most while nobody waits for a turn, see [`crate::courtesy`]: between two claims 14 to 28 µs pass in a map that begins cold, and 50 to 90 where
/// the worker's code is not compiled yet. With 8 ms and 4 instead of 32 and 2 maps of 5 to 30 µs items were 2 % slower, with 2 ms and 16 another 3 to 6 %.
const LONG_SLICE: Duration = Duration::from_millis(32);
/// Such a claim leaves so many times as much for each worker: near its end a job gains more by results that come early, and by small shares.
const LONG_BEFORE: u32 = 2;
/// Work that a claim should hold at least, even where an even share is less: to claim and to wake up for it costs about as much, so that whoever deals the
/// end of a job out more finely ends later.
const LEAST: Duration = Duration::from_micros(10);

/// What the decision rests on.
pub(crate) struct Sizing {
    pub(crate) pending: u32,
    pub(crate) workers: u32,
    /// Items that may run at the same time in this claim.
    pub(crate) width: u32,
    /// The user's own wish.
    pub(crate) chunk: Option<u32>,
    /// Items that the frame has room for.
    pub(crate) most: u32,
    pub(crate) estimate: Option<Duration>,
    /// Claims of the function before this one, all without an estimate.
    pub(crate) probes: u32,
}

impl Sizing {
    pub(crate) fn items(&self) -> u32 {
        let wanted = match (self.chunk, self.estimate) {
            (Some(chunk), _) => chunk,
            (None, None) => self.share().min(1 << self.probes.min(12)),
            (None, Some(estimate)) => self
                .share()
                .max(items_in(LEAST, estimate).min(self.pending))
                .min(items_in(SLICE, estimate)),
        };
        wanted.max(self.width).clamp(1, self.most)
    }

    /// The same where no other job waits for a turn.
    pub(crate) fn items_alone(&self) -> u32 {
        let items = self.items();
        let (None, Some(estimate)) = (self.chunk, self.estimate) else {
            return items;
        };
        let long = self.pending / self.workers.saturating_mul(LONG_BEFORE).max(1);
        let long = long.min(items_in(LONG_SLICE, estimate)).min(self.most);
        items.max(long)
    }

    /// Half of an even share, so that what is left at the end can still be dealt out.
    fn share(&self) -> u32 {
        self.pending / self.workers.saturating_mul(2).max(1)
    }
}

/// Items of a claim that is not to hold another job's turn up.
pub(crate) fn courteous(estimate: Duration) -> u32 {
    items_in(SLICE, estimate)
}

/// Not divided as the 128 bits that durations come in: that is a loop.
fn items_in(slice: Duration, estimate: Duration) -> u32 {
    let nanos = u64::try_from(estimate.as_nanos()).unwrap_or(u64::MAX);
    u32::try_from(slice.as_nanos() as u64 / nanos.max(1)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::{CLAIM_MAX, SMALL_CLAIM_MAX};

    const UNKNOWN: Sizing = Sizing {
        pending: 100_000,
        workers: 2,
        width: 1,
        chunk: None,
        most: CLAIM_MAX,
        estimate: None,
        probes: 0,
    };

    #[test]
    fn an_unknown_function_starts_at_one_and_doubles() {
        let sizes = [0, 1, 2, 5, 40].map(|probes| Sizing { probes, ..UNKNOWN }.items());
        assert_eq!(sizes, [1, 2, 4, 32, 4096]);
    }

    #[test]
    fn a_known_function_gets_a_slice_of_time_or_half_its_share() {
        let known = |pending, micros| {
            Sizing {
                pending,
                estimate: Some(Duration::from_micros(micros)),
                ..UNKNOWN
            }
            .items()
        };
        assert_eq!(known(100_000, 5), 100);
        assert_eq!(known(100_000, 600), 1);
        assert_eq!(known(40, 1), 10);
        assert_eq!(known(1, 1), 1);
        assert_eq!(known(20, 1), 10, "a quarter of them is not worth a claim");
        assert_eq!(known(20, 20), 5);
    }

    #[test]
    fn a_job_that_is_alone_gets_more_at_once() {
        let alone = |pending| {
            Sizing {
                pending,
                estimate: Some(Duration::from_micros(5)),
                ..UNKNOWN
            }
            .items_alone()
        };
        assert_eq!(alone(100_000), CLAIM_MAX);
        assert_eq!(alone(6400), 1600);
        assert_eq!(alone(300), 75, "as ever, near its end");
    }

    #[test]
    fn chunk_and_width_have_their_way() {
        assert_eq!(
            Sizing {
                chunk: Some(7),
                ..UNKNOWN
            }
            .items(),
            7
        );
        assert_eq!(
            Sizing {
                width: 8,
                ..UNKNOWN
            }
            .items(),
            8
        );
        assert_eq!(
            Sizing {
                chunk: Some(1_000_000),
                ..UNKNOWN
            }
            .items(),
            CLAIM_MAX
        );
    }

    #[test]
    fn a_small_frame_takes_less() {
        let sizing = Sizing {
            chunk: Some(1_000_000),
            width: 1000,
            most: SMALL_CLAIM_MAX,
            ..UNKNOWN
        };
        assert_eq!(sizing.items(), SMALL_CLAIM_MAX);
    }
}
