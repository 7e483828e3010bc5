//! Pools share a budget of threads: idle workers of one leave when another could use them.

mod support;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use everycore_core::{Bell, Budget, ClaimAsk, Claimed, Job, Lodging, Pool, PoolOptions};
use support::{CAPACITY, Ear, Stage, TestPanel, Words, Worker};

const ASK: ClaimAsk = ClaimAsk {
    capacity: CAPACITY,
    suspended: false,
};

fn stage(budget: &Arc<Budget>, min_workers: u32) -> Stage {
    Stage::with(|options| {
        options.budget = Arc::clone(budget);
        options.min_workers = min_workers;
    })
}

/// A stage whose two workers are asleep.
fn idle_stage(budget: &Arc<Budget>, min_workers: u32) -> (Stage, Vec<Worker>) {
    let stage = stage(budget, min_workers);
    let workers = vec![stage.worker(), stage.worker()];
    assert!(workers.iter().all(Worker::park));
    (stage, workers)
}

/// Longer than it takes to replace a worker.
const LONG: Duration = Duration::from_millis(120);

/// The home of an idle stage does what it should when it is rung. Gives the workers that it sent away.
fn let_go(stage: &Stage, workers: Vec<Worker>) -> Vec<Worker> {
    stage.home.listen();
    let sent = |worker: &Worker| stage.pool.dismiss(worker.slot, worker.epoch);
    workers.into_iter().filter(sent).collect()
}

fn leave(mut worker: Worker) {
    assert_eq!(worker.ask(ASK).0, Claimed::Leave);
    worker.die();
    let _ = worker.bury();
}

/// A stage with more work than for the one worker that it always may have.
fn hungry_stage(budget: &Arc<Budget>) -> (Stage, Worker, Arc<Job>) {
    let stage = stage(budget, 0);
    let job = stage.job(|_| {});
    let _ = stage.submit(&job, 0..4);
    assert_eq!(stage.pool.wanted(), 1);
    let worker = stage.worker();
    assert_eq!(stage.pool.wanted(), 0);
    (stage, worker, job)
}

fn rung(stage: &Stage) -> usize {
    stage.home.rung.load(Ordering::SeqCst)
}

#[test]
fn idle_workers_leave_for_a_pool_that_could_use_their_threads() {
    let budget = Budget::new(2);
    let (idle, workers) = idle_stage(&budget, 0);
    let hungry = stage(&budget, 0);
    assert_eq!(idle.pool.excess(), 0);
    let _ = hungry.submit(&hungry.job(|_| {}), 0..4);
    assert_eq!(hungry.pool.wanted(), 1, "every pool may have one");
    let _first = hungry.worker();
    assert_eq!(hungry.pool.wanted(), 0);
    assert_eq!((rung(&idle), idle.pool.excess()), (0, 0), "perhaps soon");
    hungry.pass(LONG);
    assert_eq!(rung(&idle), 1);
    assert_eq!(
        idle.pool.excess(),
        2,
        "for the second, and for the one that was over the limit"
    );
    let sent = let_go(&idle, workers);
    assert_eq!(sent.len(), 2);
    assert_eq!(idle.pool.excess(), 0, "they are on their way");
    for (gone, worker) in sent.into_iter().enumerate() {
        let before = rung(&hungry);
        leave(worker);
        assert_eq!(rung(&hungry), before + 1);
        hungry.home.listen();
        assert_eq!(hungry.pool.wanted(), gone as u32);
    }
    let _second = hungry.worker();
    assert_eq!(idle.pool.stats().replaced, 0);
}

#[test]
fn no_more_leave_than_are_wanted() {
    let budget = Budget::new(4);
    let stages = [(); 2].map(|()| idle_stage(&budget, 0));
    let (hungry, _first, _) = hungry_stage(&budget);
    hungry.pass(LONG);
    let sent = stages.map(|(stage, workers)| {
        assert_eq!(rung(&stage), 1);
        let_go(&stage, workers).len()
    });
    assert_eq!(sent, [2, 0], "one forced, and one wanted");
}

#[test]
fn those_to_be_kept_stay() {
    let budget = Budget::new(2);
    let (idle, workers) = idle_stage(&budget, 1);
    let (hungry, _first, _) = hungry_stage(&budget);
    hungry.pass(LONG);
    assert_eq!(let_go(&idle, workers).len(), 1);
    assert_eq!(idle.pool.excess(), 0);
}

#[test]
fn pools_that_are_used_by_turns_keep_their_workers() {
    let budget = Budget::new(2);
    let (idle, workers) = idle_stage(&budget, 0);
    let (hungry, _first, _) = hungry_stage(&budget);
    for _ in 0..10 {
        hungry.pass(LONG / 2);
        for worker in &workers {
            idle.pool.unpark(worker.slot, worker.epoch);
            assert!(worker.park());
        }
    }
    assert_eq!((rung(&idle), idle.pool.excess()), (0, 0));
    hungry.pass(LONG);
    assert_eq!((rung(&idle), idle.pool.excess()), (1, 2));
}

#[test]
fn a_pool_that_is_not_hungry_any_more_gets_nothing() {
    let budget = Budget::new(2);
    let (idle, workers) = idle_stage(&budget, 0);
    let (hungry, _first, job) = hungry_stage(&budget);
    hungry.pass(LONG);
    assert_eq!(idle.pool.excess(), 2);
    let _ = hungry.pool.cancel(&job);
    assert_eq!((hungry.pool.wanted(), idle.pool.excess()), (0, 0));
    let _ = hungry.submit(&hungry.job(|_| {}), 0..4);
    assert_eq!((hungry.pool.wanted(), idle.pool.excess()), (0, 2));
    hungry.pool.close();
    assert_eq!(idle.pool.excess(), 0);
    assert!(let_go(&idle, workers).is_empty());
}

#[test]
fn a_pool_keeps_those_that_it_is_about_to_need() {
    let budget = Budget::new(2);
    let (idle, workers) = idle_stage(&budget, 0);
    let (hungry, _first, _) = hungry_stage(&budget);
    hungry.pass(LONG);
    let _ = idle.submit(&idle.job(|_| {}), 0..1);
    assert!(let_go(&idle, workers).is_empty());
}

#[test]
fn those_who_suffer_at_the_same_time_are_counted_once() {
    let budget = Budget::new(2);
    let (idle, _workers) = idle_stage(&budget, 0);
    let [(one, ..), (two, ..)] = [(); 2].map(|()| hungry_stage(&budget));
    *two.now.lock().unwrap() = *one.now.lock().unwrap();
    one.pass(LONG / 2);
    two.pass(LONG / 2);
    assert_eq!(idle.pool.excess(), 0);
    one.pass(LONG / 2);
    assert_eq!(idle.pool.excess(), 2);
}

#[test]
fn a_home_that_is_a_worker_is_woken_by_the_home_of_its_own_pool() {
    let budget = Budget::new(3);
    let outer = stage(&budget, 1);
    let landlord = outer.worker();
    let options = PoolOptions {
        lodging: Some(Lodging {
            pool: Arc::downgrade(&outer.pool),
            slot: landlord.slot,
            epoch: landlord.epoch,
        }),
        ..PoolOptions::new(2, Arc::clone(&budget))
    };
    let home = Ear::with(Bell::Word(0), Arc::default());
    let inner = Pool::new(options, Arc::<Words>::default(), Arc::clone(&home.caller));
    for slot in 0..2 {
        let epoch = inner.seat(slot, Arc::<TestPanel>::default()).unwrap();
        assert!(inner.attach(slot, epoch) && inner.park(slot, epoch));
    }
    assert!(landlord.park());
    let (hungry, _first, _) = hungry_stage(&budget);
    hungry.pass(LONG);
    assert_eq!((inner.excess(), rung(&outer)), (2, 1));
    assert_eq!(outer.pool.take_rings().slots[..], [landlord.slot]);
}
