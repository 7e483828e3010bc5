//! However tasks nest, and however many of them await at once: somebody can always go on.

mod support;

use std::collections::HashMap;
use std::sync::Arc;

use everycore_core::{FRAMES, Job};
use proptest::collection::vec;
use proptest::prelude::*;
use support::{Ear, Stage, Worker};

/// An item that has begun. Sooner or later it opens a job, and it ends when that has.
#[derive(Clone, Copy)]
struct Running {
    worker: usize,
    frame: u32,
    item: u32,
    job: u64,
    /// Items of its nested job that have not ended; nothing before it has opened one.
    awaits: Option<u32>,
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Claim,
    Nest,
    End,
}

struct Play {
    stage: Stage,
    workers: Vec<(Worker, Ear)>,
    /// All that have begun.
    running: Vec<Running>,
    /// Those that have not opened a job yet, and those that wait for nothing more.
    fresh: Vec<usize>,
    ready: Vec<usize>,
    /// How many each worker has.
    loads: Vec<u32>,
    /// Which running item waits for a job, with the job's depth.
    waiting: HashMap<u64, (usize, usize)>,
    jobs: Vec<Arc<Job>>,
    /// Items of the job at each depth, and how many of them may run at once.
    widths: Vec<(u32, u32)>,
    most: usize,
    ended: u32,
}

impl Play {
    fn new(workers: usize, widths: Vec<(u32, u32)>) -> Self {
        let stage = Stage::new(workers as u32);
        let seats = std::iter::repeat_with(|| stage.worker())
            .take(workers)
            .map(|worker| {
                let ear = Ear::of_worker(&worker);
                (worker, ear)
            })
            .collect();
        Self {
            stage,
            workers: seats,
            running: Vec::new(),
            fresh: Vec::new(),
            ready: Vec::new(),
            loads: vec![0; workers],
            waiting: HashMap::new(),
            jobs: Vec::new(),
            widths,
            most: 0,
            ended: 0,
        }
    }

    /// Items one by one, as a source that is pulled gives them: so each is a claim of its own.
    fn fill(&mut self, job: Arc<Job>, items: u32) {
        for index in 0..items {
            let _ = self.stage.submit(&job, index..index + 1);
        }
        self.jobs.push(job);
    }

    fn begin(&mut self) {
        let (items, concurrency) = self.widths[0];
        let top = self.stage.job(|spec| spec.concurrency = concurrency);
        self.fill(top, items);
    }

    /// The worker claims once. False: nothing for it.
    fn claim(&mut self, at: usize) -> bool {
        let worker = &mut self.workers[at].0;
        let claimed = if self.loads[at] > 0 {
            worker.claim_suspended()
        } else {
            worker.claim()
        };
        let Some(frame) = claimed.map(|frame| frame.head) else {
            return false;
        };
        self.most = self.most.max(frame.frame as usize + 1);
        while let Some(item) = self.workers[at].0.begin(frame.frame) {
            self.fresh.push(self.running.len());
            self.loads[at] += 1;
            self.running.push(Running {
                worker: at,
                frame: frame.frame,
                item,
                job: frame.job,
                awaits: None,
            });
        }
        true
    }

    /// An item opens the job below it, or, at the bottom, none.
    fn nest(&mut self, choice: usize) -> bool {
        let Some(at) = pick(&mut self.fresh, choice) else {
            return false;
        };
        let running = &mut self.running[at];
        let above = self.waiting.get(&running.job);
        let depth = above.map_or(0, |&(_, depth)| depth) + 1;
        let Some(&(items, concurrency)) = self.widths.get(depth) else {
            running.awaits = Some(0);
            self.ready.push(at);
            return true;
        };
        running.awaits = Some(items);
        let (worker, ear) = &self.workers[running.worker];
        let job = self
            .stage
            .nested(worker, ear, running.frame, |spec| {
                spec.concurrency = concurrency;
            })
            .unwrap();
        self.waiting.insert(job.id(), (at, depth));
        self.fill(job, items);
        true
    }

    /// One of the items that wait for nothing more ends, and its worker commits.
    fn end(&mut self, choice: usize) -> bool {
        let Some(at) = pick(&mut self.ready, choice) else {
            return false;
        };
        let running = &self.running[at];
        self.loads[running.worker] -= 1;
        let (worker, _) = &self.workers[running.worker];
        worker.finish(running.frame, running.item);
        let _ = worker.commit();
        let job = running.job;
        if let Some(&(above, _)) = self.waiting.get(&job) {
            let awaits = &mut self.running[above].awaits;
            *awaits = awaits.map(|items| items - 1);
            if *awaits == Some(0) {
                self.ready.push(above);
            }
        }
        self.ended += 1;
        true
    }

    /// Takes the choices in turn, then whatever is possible, until nothing is.
    fn play(&mut self, choices: &[(Step, usize)]) {
        for &(step, choice) in choices {
            let _ = match step {
                Step::Claim => self.claim(choice % self.workers.len()),
                Step::Nest => self.nest(choice),
                Step::End => self.end(choice),
            };
        }
        while self.any_claims() || self.nest(0) || self.end(0) {}
    }

    fn any_claims(&mut self) -> bool {
        (0..self.workers.len()).any(|at| self.claim(at))
    }

    fn check(&self) {
        let mut items = 0;
        let mut jobs = 1;
        for (width, _) in &self.widths {
            jobs *= width;
            items += jobs;
        }
        assert_eq!(self.ended, items, "all of them ran");
        assert!(self.stage.pool.idle());
        assert!(self.most <= FRAMES);
    }
}

fn pick(from: &mut Vec<usize>, choice: usize) -> Option<usize> {
    let place = choice.checked_rem(from.len())?;
    Some(from.swap_remove(place))
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![Just(Step::Claim), Just(Step::Nest), Just(Step::End)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_tree_of_calls_ends(
        workers in 1..4usize,
        widths in vec((1..4u32, 1..9u32), 1..6),
        choices in vec((step(), any::<usize>()), 0..200),
    ) {
        let mut play = Play::new(workers, widths);
        play.begin();
        play.play(&choices);
        play.check();
    }
}

#[test]
fn frames_that_run_short_are_kept_for_what_is_deeper() {
    for workers in [1, 2] {
        let wide = (workers * FRAMES / 2 + 50) as u32;
        let mut play = Play::new(workers, vec![(wide, wide), (1, 1), (1, 1)]);
        play.begin();
        while play.any_claims() {}
        assert_eq!(play.most, FRAMES / 2, "more of the same has to wait");
        while play.nest(0) {}
        play.play(&[]);
        play.check();
        assert_eq!(play.most, FRAMES / 2 + 2, "a chain went down to the end");
    }
}

#[test]
fn a_worker_that_is_short_of_frames_sleeps_until_it_can_take_what_waits() {
    let wide = FRAMES as u32;
    let mut play = Play::new(1, vec![(wide, wide)]);
    play.begin();
    while play.claim(0) {}
    assert_eq!(play.most, FRAMES / 2);
    let worker = &play.workers[0].0;
    assert!(worker.park(), "more of the same does not keep it awake");
    let _ = play.stage.submit(&play.jobs[0].clone(), wide..wide + 1);
    assert!(play.nest(0) && play.end(0));
    assert!(
        !play.workers[0].0.park(),
        "there is a frame for one of them"
    );
    assert!(play.claim(0));
    assert!(!play.claim(0));
}
