//! Nobody sleeps on while there is something for it.

use everycore_core::{Bell, Caller};
use loom::thread;

use super::stage::{Worker, caller, hear, job, model, pool, segment};

#[test]
fn a_worker_that_parks_against_a_submit() {
    model(|| {
        let home = caller();
        let pool = pool(1, &home);
        let worker = Worker::new(&pool);
        let job = job(&pool, &home);
        let parking = {
            let worker = worker.clone();
            thread::spawn(move || worker.pool.park(worker.slot, worker.epoch))
        };
        let rings = pool.submit(&job, segment(0, 1)).ok().unwrap();
        let asleep = parking.join().unwrap();
        assert!(
            !asleep || rings.slots.contains(&worker.slot),
            "it sleeps and nobody rings"
        );
        assert_eq!(worker.claim(), Some(1));
    });
}

#[test]
fn two_submits_that_count_on_one_spinner() {
    model(|| {
        let home = caller();
        let pool = pool(2, &home);
        let (spinner, sleeper) = (Worker::new(&pool), Worker::new(&pool));
        assert!(pool.park(sleeper.slot, sleeper.epoch));
        pool.spin(spinner.slot, spinner.epoch, true);
        let job = job(&pool, &home);
        let parking = {
            let spinner = spinner.clone();
            thread::spawn(move || spinner.pool.park(spinner.slot, spinner.epoch))
        };
        let rings = pool.submit(&job, segment(0, 1)).ok().unwrap();
        let asleep = parking.join().unwrap();
        assert!(
            !asleep || !rings.slots.is_empty(),
            "both sleep and nobody rings"
        );
    });
}

#[test]
fn a_worker_that_parks_against_results_for_it() {
    model(|| {
        let home = caller();
        let pool = pool(2, &home);
        let (parent, child) = (Worker::new(&pool), Worker::new(&pool));
        let ear = Caller::new(Bell::Slot {
            slot: parent.slot,
            epoch: parent.epoch,
        });
        let job = job(&pool, &ear);
        drop(pool.submit(&job, segment(0, 1)));
        assert_eq!(child.claim(), Some(1));
        assert!(child.begin(0));
        child.finish(0);
        let parking = {
            let parent = parent.clone();
            thread::spawn(move || parent.pool.park(parent.slot, parent.epoch))
        };
        let rings = pool.commit(child.slot, child.epoch, None);
        let asleep = parking.join().unwrap();
        assert!(
            !asleep || rings.slots.contains(&parent.slot),
            "it has mail and nobody rings"
        );
        assert_eq!(hear(&ear), [0]);
    });
}

#[test]
fn a_rung_worker_that_dies_against_a_park() {
    model(|| {
        let home = caller();
        let pool = pool(2, &home);
        let (rung, other) = (Worker::new(&pool), Worker::new(&pool));
        assert!(pool.park(rung.slot, rung.epoch));
        let job = job(&pool, &home);
        drop(pool.submit(&job, segment(0, 1)));
        let dying = {
            let rung = rung.clone();
            thread::spawn(move || rung.pool.die(rung.slot, rung.epoch))
        };
        let asleep = pool.park(other.slot, other.epoch);
        dying.join().unwrap();
        let rings = pool.take_rings();
        assert!(
            !asleep || rings.slots.contains(&other.slot),
            "the work is forgotten"
        );
    });
}

#[test]
fn a_submit_that_counts_on_a_claimant() {
    model(|| {
        let home = caller();
        let pool = pool(2, &home);
        let (claimant, sleeper) = (Worker::new(&pool), Worker::new(&pool));
        assert!(pool.park(sleeper.slot, sleeper.epoch));
        let first = job(&pool, &home);
        pool.spin(claimant.slot, claimant.epoch, true);
        drop(pool.submit(&first, segment(0, 1)));
        assert_eq!(claimant.claim(), Some(1));
        assert!(claimant.begin(0));
        claimant.finish(0);
        let claiming = {
            let claimant = claimant.clone();
            thread::spawn(move || claimant.claim_and_ring())
        };
        let second = job(&pool, &home);
        let rings = pool.submit(&second, segment(0, 1)).ok().unwrap();
        let (claimed, more) = claiming.join().unwrap();
        let somebody = claimed.is_some() || !rings.is_empty() || !more.is_empty();
        assert!(somebody, "counted on, and gone");
    });
}
