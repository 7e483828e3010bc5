//! Items are handed out once each, in order, in claims that fit.

mod support;

use everycore_core::{ClaimAsk, Claimed};
use support::{CAPACITY, Heard, Stage};

#[test]
fn every_item_comes_back_once() {
    let stage = Stage::new(2);
    let (mut one, mut two) = (stage.worker(), stage.worker());
    let job = stage.job(|_| {});
    assert!(!job.has_started());
    let _ = stage.submit(&job, 0..40);
    let _ = stage.submit(&job, 40..100);
    loop {
        let frames = [one.claim(), two.claim()];
        for (worker, frame) in [&mut one, &mut two].into_iter().zip(&frames) {
            frame
                .iter()
                .for_each(|frame| drop(worker.run(frame.head.frame)));
        }
        if frames.iter().all(Option::is_none) {
            break;
        }
    }
    assert_eq!(stage.home.settled(&job), Vec::from_iter(0..100));
    assert_eq!(
        stage.home.of(&job, 7),
        [Heard::Value(7u32.to_le_bytes().to_vec())]
    );
    assert!(job.has_started());
    assert!(stage.pool.idle());
    assert_eq!(job.open_items(), 0);
}

#[test]
fn claims_double_while_nothing_is_known() {
    let stage = Stage::new(4);
    let job = stage.job(|_| {});
    let _ = stage.submit(&job, 0..1000);
    let sizes = [(); 4].map(|()| stage.worker().claim().unwrap().head.items);
    assert_eq!(sizes, [1, 2, 4, 8]);
}

#[test]
fn a_claim_never_exceeds_the_inbox() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let job = stage.job(|spec| spec.chunk = Some(100));
    let _ = stage.submit(&job, 0..100);
    let (claimed, _) = worker.ask(ClaimAsk {
        capacity: 4,
        suspended: false,
    });
    assert_eq!(
        claimed,
        Claimed::NeedBytes(12),
        "one item: four bytes and two offsets"
    );
    let (claimed, _) = worker.ask(ClaimAsk {
        capacity: 12 + 8 * 9,
        suspended: false,
    });
    assert_eq!(claimed, Claimed::Frame);
    assert_eq!(worker.frames[&0].items, Vec::from_iter(0..10));
}

#[test]
fn jobs_take_turns() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let jobs = [0, 1, 2].map(|_| stage.job(|spec| spec.chunk = Some(1)));
    for job in &jobs {
        let _ = stage.submit(job, 0..2);
    }
    let mut order = Vec::new();
    while let Some(frame) = worker.claim() {
        order.push(frame.head.job);
        worker.run(frame.head.frame);
    }
    let ids = jobs.map(|job| job.id());
    assert_eq!(order, [ids, ids].concat());
}

#[test]
fn a_stranger_is_refused() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let job = stage.job(|_| {});
    let _ = stage.submit(&job, 0..1);
    worker.epoch += 1;
    assert_eq!(
        worker
            .ask(ClaimAsk {
                capacity: CAPACITY,
                suspended: false
            })
            .0,
        Claimed::Doomed
    );
    assert!(!worker.park());
    worker.slot = 9;
    assert_eq!(
        worker
            .ask(ClaimAsk {
                capacity: CAPACITY,
                suspended: false
            })
            .0,
        Claimed::Doomed
    );
    assert_eq!(stage.pool.stats().queued, 1);
}

#[test]
fn a_worker_has_no_more_claims_than_frames() {
    let stage = Stage::new(1);
    let mut worker = stage.worker();
    let job = stage.job(|spec| {
        spec.chunk = Some(1);
        spec.concurrency = 1000;
    });
    let _ = stage.submit(&job, 0..20_000);
    let mut frames = 0;
    while worker.claim().is_some() {
        frames += 1;
    }
    assert!(frames <= 16, "{frames}");
}
