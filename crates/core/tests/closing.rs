//! A closed pool settles everything and takes nothing.

mod support;

use std::sync::Arc;
use std::time::Duration;

use everycore_core::{JobSpec, Meter, Unopened};
use support::{Heard, Stage, segment};

#[test]
fn everything_settles() {
    let stage = Stage::new(2);
    let mut worker = stage.worker();
    let job = stage.job(|spec| spec.chunk = Some(3));
    let _ = stage.submit(&job, 0..8);
    let frame = worker.claim().unwrap().head.frame;
    let item = worker.begin(frame).unwrap();
    worker.finish(frame, item);
    worker.begin(frame).unwrap();
    stage.pool.close();
    assert_eq!(stage.home.settled(&job), Vec::from_iter(0..8));
    assert!(
        matches!(stage.home.of(&job, 0)[..], [Heard::Value(_)]),
        "what was finished is"
    );
    for index in 1..8 {
        assert_eq!(stage.home.of(&job, index), [Heard::Fate(2, Vec::new())]);
    }
    assert!(stage.pool.idle());
    assert!(stage.pool.submit(&job, segment(8..9)).is_err());
    let spec = JobSpec::new(1, Arc::new(Meter::new()));
    assert!(matches!(
        stage.pool.open(spec, &stage.home.caller),
        Err(Unopened::Closed)
    ));
    assert_eq!(worker.begin(frame), None);
    assert_eq!(
        stage.pass(Duration::ZERO).len(),
        1,
        "what runs on is killed"
    );
    worker.die();
    let _ = worker.bury();
    assert_eq!(stage.home.settled(&job).len(), 8);
    stage.pool.close();
}
