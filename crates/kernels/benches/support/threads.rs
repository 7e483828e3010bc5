//! The same on 1, 2, 4 and 8 threads.

use rayon::ThreadPool;

/// Calls `bench` with a pool of each size, and what to call it.
pub fn on_threads(mut bench: impl FnMut(&ThreadPool, &str)) {
    for threads in [1, 2, 4, 8] {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .expect("threads");
        bench(&pool, &format!("{threads} threads"));
    }
}
