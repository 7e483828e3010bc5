//! Priorities decide the order; low is never starved.

mod support;

use everycore_core::Priority;
use support::Stage;

#[test]
fn high_goes_first_and_low_goes_sometimes() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let jobs = [Priority::Low, Priority::Normal, Priority::High].map(|priority| {
        let job = stage.job(|spec| {
            spec.priority = priority;
            spec.chunk = Some(1);
        });
        let _ = stage.submit(&job, 0..10_000);
        job
    });
    let mut claims = [0; 3];
    for _ in 0..3200 {
        let frame = worker.claim().unwrap();
        claims[jobs
            .iter()
            .position(|job| job.id() == frame.head.job)
            .unwrap()] += 1;
        worker.run(frame.head.frame);
    }
    assert_eq!(claims, [100, 100, 3000]);
}
