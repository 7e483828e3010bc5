//! The threads of a lane: when they are there, whom they count with, and what becomes of a job that panics.

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;

use everycore_kernels::lane::{Failure, Lane, LaneOptions, Refused};
use everycore_kernels::{Interrupted, Stop};

fn options(threads: usize) -> LaneOptions {
    LaneOptions {
        threads,
        stack_size: Some(1 << 20),
        name: "mine".into(),
        max_waiting: 1,
    }
}

/// Seats of which so many are free, beside the first.
struct House(AtomicUsize);

impl House {
    fn with(free: usize) -> Arc<Self> {
        Arc::new(Self(AtomicUsize::new(free)))
    }

    fn lane(self: &Arc<Self>, threads: usize) -> Arc<Lane> {
        let house = self.clone();
        let take = move |first: bool| {
            let taken = house
                .0
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |free| {
                    free.checked_sub(1)
                });
            match (taken, first) {
                (Ok(_), _) => Some(Box::new(Seat(Some(house.clone()))) as _),
                (Err(_), true) => Some(Box::new(Seat(None)) as _),
                (Err(_), false) => None,
            }
        };
        Lane::open(options(threads), Box::new(take))
    }
}

struct Seat(Option<Arc<House>>);

impl Drop for Seat {
    fn drop(&mut self) {
        if let Some(house) = &self.0 {
            house.0.fetch_add(1, Ordering::SeqCst);
        }
    }
}

fn run<T: Send + 'static>(
    lane: &Lane,
    work: impl FnOnce() -> Result<T, Interrupted> + Send + 'static,
) -> Result<T, Failure> {
    let (sender, receiver) = channel();
    lane.spawn(work, move |outcome| drop(sender.send(outcome)));
    receiver.recv().expect("an outcome")
}

#[test]
fn work_runs_inside_a_pool_of_its_own_on_named_threads() {
    let lane = House::with(9).lane(3);
    assert_eq!(lane.threads(), 0, "none before they are wanted");
    let name = run(&lane, || {
        Ok(std::thread::current().name().map(str::to_owned))
    });
    assert!(name.unwrap().unwrap().starts_with("mine-native-"));
    assert_eq!(run(&lane, || Ok(rayon::current_num_threads())), Ok(3));
    assert_eq!(lane.threads(), 3);
}

#[test]
fn a_panic_is_the_outcome_of_its_job_and_of_no_other() {
    let lane = House::with(1).lane(1);
    let outcome: Result<(), _> = run(&lane, || panic!("number {}", 7));
    assert_eq!(outcome, Err(Failure::Panicked("number 7".into())));
    let outcome: Result<(), _> = run(&lane, || {
        rayon::join(|| (), || panic!("within"));
        Ok(())
    });
    assert_eq!(outcome, Err(Failure::Panicked("within".into())));
    lane.spawn(|| Ok(()), |_| panic!("whoever is told"));
    assert_eq!(run(&lane, || Ok(1)), Ok(1));
}

#[test]
fn threads_go_when_the_lane_rests_and_come_again() {
    let house = House::with(2);
    let lane = house.lane(2);
    let permit = lane.admit(Stop::default(), drop).unwrap().unwrap();
    assert_eq!((lane.threads(), house.0.load(Ordering::SeqCst)), (2, 0));
    lane.rest();
    assert_eq!(lane.threads(), 2, "not while a job is active");
    drop(permit);
    lane.rest();
    assert_eq!((lane.threads(), house.0.load(Ordering::SeqCst)), (0, 2));
    assert_eq!(run(&lane, || Ok(rayon::current_num_threads())), Ok(2));
}

#[test]
fn fewer_seats_make_fewer_threads_until_there_are_more() {
    let house = House::with(0);
    let lane = house.lane(3);
    let first = lane.admit(Stop::default(), drop).unwrap();
    assert_eq!(lane.threads(), 1, "the first is never refused");
    house.0.store(9, Ordering::SeqCst);
    let second = lane.admit(Stop::default(), drop).unwrap();
    assert_eq!(lane.threads(), 1, "not while another job is active");
    drop((first, second));
    let third = lane.admit(Stop::default(), drop).unwrap();
    assert_eq!(lane.threads(), 3);
    drop(third);
}

#[test]
fn a_closed_lane_gives_its_threads_back_and_takes_nothing() {
    let house = House::with(2);
    let lane = house.lane(2);
    let (told, ended) = channel();
    let (go, waits) = channel::<()>();
    lane.spawn(
        move || {
            waits.recv().ok();
            Ok(5)
        },
        move |outcome| drop(told.send(outcome)),
    );
    lane.close();
    assert_eq!((lane.threads(), house.0.load(Ordering::SeqCst)), (0, 2));
    drop(go);
    assert_eq!(ended.recv().unwrap(), Ok(5), "what ran ends");
    let closed = Err(Failure::Refused(Refused::Closed));
    assert_eq!(run(&lane, || Ok(())), closed);
    assert!(matches!(
        lane.admit(Stop::default(), drop),
        Err(Refused::Closed)
    ));
}
