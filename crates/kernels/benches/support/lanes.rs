//! Lanes of 1, 2, 4 and 8 threads, for kernels that are fed block by block.

use std::sync::Arc;

use everycore_kernels::lane::{Lane, LaneOptions};

/// Calls `bench` with a lane of each size, and what to call it.
pub fn in_lanes(mut bench: impl FnMut(&Arc<Lane>, &str)) {
    for threads in [1, 2, 4, 8] {
        let options = LaneOptions {
            threads,
            stack_size: None,
            name: "bench".into(),
            max_waiting: 1,
        };
        let lane = Lane::open(options, Box::new(|_| Some(Box::new(()))));
        bench(&lane, &format!("{threads} threads"));
        lane.close();
    }
}
