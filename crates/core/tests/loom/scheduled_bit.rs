//! A runnable job is in the run queue, and there once.

use std::sync::Arc;

use loom::sync::Mutex;
use loom::thread;

use super::job_state::JobState;
use super::stage::model;

/// A job state and the number of times that the job is in the queue.
struct Queued {
    state: JobState,
    times: Mutex<u32>,
}

impl Queued {
    fn push_if(&self, must: bool) {
        if must {
            *self.times.lock().unwrap() += 1;
        }
    }

    fn pop(&self) -> bool {
        let mut times = self.times.lock().unwrap();
        assert!(*times <= 1, "queued twice");
        let had = *times == 1;
        *times = 0;
        had
    }

    /// What a worker does with a popped job: one claim of one item, whose unit it keeps.
    fn turn(&self) -> u32 {
        if !self.pop() {
            return 0;
        }
        let units = self.state.take_units(1);
        self.state.depart(units);
        self.push_if(self.state.end_turn());
        units
    }
}

#[test]
fn arrivals_claims_and_returning_units() {
    model(|| {
        let job = Arc::new(Queued {
            state: JobState::new(2),
            times: Mutex::new(0),
        });
        job.push_if(job.state.arrive(1));
        let worker = {
            let job = Arc::clone(&job);
            thread::spawn(move || {
                let units = job.turn();
                if units > 0 {
                    job.push_if(job.state.give_units(units));
                }
                units
            })
        };
        let other = {
            let job = Arc::clone(&job);
            thread::spawn(move || job.turn())
        };
        job.push_if(job.state.arrive(1));
        let claimed = worker.join().unwrap();
        let held = other.join().unwrap();
        assert_eq!(job.state.pending(), 2 - claimed - held);
        assert_eq!(
            job.pop(),
            job.state.runnable(),
            "in the queue exactly if it is runnable"
        );
    });
}
