//! Idle workers take what their siblings have not begun.

mod support;

use std::time::Duration;

use everycore_core::{ClaimAsk, Claimed};
use support::{CAPACITY, Stage};

/// Long enough for a claim to count as stuck.
fn wait() {
    std::thread::sleep(Duration::from_millis(2));
}

#[test]
fn half_of_what_is_left() {
    let stage = Stage::new(2);
    let (mut busy, mut idle) = (stage.worker(), stage.worker());
    let job = stage.job(|spec| spec.chunk = Some(100));
    let _ = stage.submit(&job, 0..9);
    let frame = busy.claim().unwrap().head.frame;
    busy.begin(frame).unwrap();
    wait();
    let stolen = idle.claim().unwrap();
    assert_eq!(stolen.items, [5, 6, 7, 8]);
    busy.finish(frame, 0);
    assert_eq!(busy.run(frame), [1, 2, 3, 4]);
    idle.run(stolen.head.frame);
    idle.run_all();
    busy.run_all();
    assert_eq!(stage.home.settled(&job), Vec::from_iter(0..9));
}

#[test]
fn down_to_the_last_one() {
    let stage = Stage::new(2);
    let (mut stuck, mut idle) = (stage.worker(), stage.worker());
    let job = stage.job(|spec| spec.chunk = Some(100));
    let _ = stage.submit(&job, 0..9);
    let frame = stuck.claim().unwrap().head.frame;
    stuck.begin(frame).unwrap();
    wait();
    assert_eq!(idle.run_all().len(), 8);
    stuck.finish(frame, 0);
    assert_eq!(stuck.begin(frame), None);
    assert!(stuck.claim().is_none());
    assert_eq!(stage.home.settled(&job).len(), 9);
}

/// What an idle worker hears while its sibling has begun `begun` of three items.
fn beside_a_young_claim(begun: u32) -> Claimed {
    let stage = Stage::new(2);
    let (mut busy, mut idle) = (stage.worker(), stage.worker());
    let job = stage.job(|spec| spec.chunk = Some(100));
    let _ = stage.submit(&job, 0..3);
    let frame = busy.claim().unwrap().head.frame;
    for item in 0..begun {
        assert_eq!(busy.begin(frame), Some(item));
    }
    idle.ask(ClaimAsk {
        capacity: CAPACITY,
        suspended: false,
    })
    .0
}

#[test]
fn a_young_claim_of_unknown_cost_is_left_alone_for_now() {
    let nothing = |siblings_hold_unstarted| Claimed::Nothing {
        siblings_hold_unstarted,
    };
    // On a busy machine a millisecond may pass in between; not every time.
    let expect = |begun, claimed| (0..100).any(|_| beside_a_young_claim(begun) == claimed);
    assert!(expect(1, nothing(true)), "look again later");
    assert!(expect(3, nothing(false)), "there is nothing to wait for");
}

#[test]
fn not_beyond_the_concurrency() {
    let stage = Stage::new(2);
    let (mut busy, mut idle) = (stage.worker(), stage.worker());
    let job = stage.job(|spec| {
        spec.chunk = Some(100);
        spec.concurrency = 1;
    });
    let _ = stage.submit(&job, 0..9);
    let frame = busy.claim().unwrap().head.frame;
    busy.begin(frame).unwrap();
    wait();
    assert!(idle.claim().is_none());
}

#[test]
fn the_item_under_the_hand_of_its_worker() {
    let stage = Stage::new(2);
    let (mut slow, mut idle) = (stage.worker(), stage.worker());
    let job = stage.job(|spec| spec.chunk = Some(100));
    let _ = stage.submit(&job, 0..1);
    let frame = slow.claim().unwrap().head.frame;
    wait();
    assert_eq!(
        idle.run_all(),
        [0],
        "a claim that was never begun is taken whole"
    );
    assert_eq!(slow.begin(frame), None);
    assert!(idle.claim().is_none());
    assert_eq!(stage.home.settled(&job), [0]);
}

#[test]
fn a_claim_that_was_put_off_and_taken_does_not_begin_in_the_frame_of_the_next() {
    let stage = Stage::new(2);
    let (mut loading, mut idle) = (stage.worker(), stage.worker());
    let job = stage.job(|spec| spec.chunk = Some(100));
    let _ = stage.submit(&job, 0..2);
    let put_off = loading.claim().unwrap().head;
    assert!(loading.contest(&put_off, 0), "nobody has taken it yet");
    wait();
    assert_eq!(idle.run_all(), [1, 0]);
    stage.pass(Duration::ZERO);
    let _ = stage.submit(&job, 2..4);
    let next = loading.claim().unwrap().head;
    assert_eq!(next.frame, put_off.frame, "the home has freed it");
    assert!(!loading.contest(&put_off, 0));
    assert!(loading.contest(&next, 0) && loading.contest(&next, 1));
    assert_eq!(loading.run(next.frame), [2, 3]);
    let _ = loading.commit();
    assert_eq!(stage.home.settled(&job), [0, 1, 2, 3]);
}
