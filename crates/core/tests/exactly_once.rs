//! Whatever callers, workers and the home do, in whatever order: each item settles exactly once.
//!
//! A small model beside the pool knows, for each item, how often it may still begin and how often it must be heard of.

mod support;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use everycore_core::{CancelItem, Job, JobSpec};
use proptest::collection::vec;
use proptest::prelude::*;
use support::{Stage, Worker, segment};

const WORKERS: u32 = 3;

#[derive(Clone, Debug)]
enum Step {
    Open {
        concurrency: u32,
        chunk: u32,
        keep_failed: bool,
        timeout: bool,
    },
    Submit {
        job: usize,
        items: u32,
    },
    Start,
    Claim {
        worker: usize,
        suspended: bool,
    },
    Begin {
        worker: usize,
        frame: u32,
    },
    End {
        worker: usize,
        running: usize,
        fails: bool,
    },
    Commit {
        worker: usize,
    },
    CommitLarge {
        worker: usize,
        running: usize,
    },
    Park {
        worker: usize,
    },
    Retire {
        worker: usize,
    },
    Die {
        worker: usize,
    },
    Bury {
        worker: usize,
    },
    Tick {
        millis: u64,
    },
    /// Long enough for claims to be stolen from.
    Wait,
    Cancel {
        job: usize,
    },
    CancelItem {
        job: usize,
        item: u32,
    },
    Retry {
        job: usize,
        item: u32,
    },
    Forget {
        job: usize,
        item: u32,
    },
    Close,
    /// A record or a word that makes no sense.
    Scribble {
        worker: usize,
        frame: u32,
        what: u8,
    },
}

fn step() -> impl Strategy<Value = Step> {
    use Step::*;
    let (job, worker, item) = (0..4usize, 0..3usize, 0..40u32);
    prop_oneof![
        3 => (0..6u32, 1..9u32, any::<bool>(), any::<bool>()).prop_map(
            |(concurrency, chunk, keep_failed, timeout)| Open { concurrency, chunk, keep_failed, timeout }
        ),
        6 => (job.clone(), 1..20u32).prop_map(|(job, items)| Submit { job, items }),
        4 => Just(Start),
        16 => (worker.clone(), any::<bool>()).prop_map(|(worker, suspended)| Claim { worker, suspended }),
        30 => (worker.clone(), 0..4u32).prop_map(|(worker, frame)| Begin { worker, frame }),
        30 => (worker.clone(), 0..4usize, any::<bool>())
            .prop_map(|(worker, running, fails)| End { worker, running, fails }),
        6 => worker.clone().prop_map(|worker| Commit { worker }),
        3 => (worker.clone(), 0..4usize).prop_map(|(worker, running)| CommitLarge { worker, running }),
        4 => worker.clone().prop_map(|worker| Park { worker }),
        1 => worker.clone().prop_map(|worker| Retire { worker }),
        2 => worker.clone().prop_map(|worker| Die { worker }),
        2 => worker.clone().prop_map(|worker| Bury { worker }),
        8 => (0..12u64).prop_map(|millis| Tick { millis }),
        1 => Just(Wait),
        1 => job.clone().prop_map(|job| Cancel { job }),
        4 => (job.clone(), item.clone()).prop_map(|(job, item)| CancelItem { job, item }),
        5 => (job.clone(), item.clone()).prop_map(|(job, item)| Retry { job, item }),
        2 => (job.clone(), item).prop_map(|(job, item)| Forget { job, item }),
        1 => (0..20u8).prop_map(|dice| if dice == 0 { Close } else { Wait }),
        4 => (worker, 0..20u32, 0..10u8)
            .prop_map(|(worker, frame, what)| Scribble { worker, frame, what }),
    ]
}

/// What the model knows of an item.
#[derive(Default)]
struct Item {
    retries: usize,
    begun: usize,
    /// The caller cancelled it and was told that nothing follows.
    silenced: bool,
}

struct ModelJob {
    job: Arc<Job>,
    concurrency: usize,
    items: BTreeMap<u32, Item>,
    next: u32,
    cancelled: bool,
}

#[derive(Clone, Copy)]
struct Running {
    job: u64,
    frame: u32,
    item: u32,
}

struct Play {
    stage: Stage,
    jobs: Vec<ModelJob>,
    workers: Vec<(Worker, Vec<Running>)>,
    closed: bool,
    honest: bool,
}

impl Play {
    fn new(honest: bool) -> Self {
        let stage = Stage::with(|options| options.max_workers = WORKERS);
        Self {
            stage,
            jobs: Vec::new(),
            workers: Vec::new(),
            closed: false,
            honest,
        }
    }

    fn take(&mut self, step: &Step) {
        match *step {
            Step::Open {
                concurrency,
                chunk,
                keep_failed,
                timeout,
            } => {
                self.open(concurrency, chunk, keep_failed, timeout);
            }
            Step::Start => {
                if (self.workers.len() as u32) < WORKERS {
                    self.workers.push((self.stage.worker(), Vec::new()));
                }
            }
            Step::Tick { millis } => {
                let _ = self.stage.pass(Duration::from_millis(millis));
            }
            Step::Wait => std::thread::sleep(Duration::from_micros(1100)),
            Step::Close => {
                self.closed = true;
                self.stage.pool.close();
            }
            Step::Submit { job, items } => self.submit(job, items),
            Step::Cancel { job } => {
                if let Some(job) = self.jobs.get_mut(job) {
                    job.cancelled = true;
                    let _ = self.stage.pool.cancel(&job.job);
                }
            }
            Step::CancelItem { job, item } => self.cancel_item(job, item),
            Step::Retry { job, item } => {
                if let Some(job) = self.jobs.get_mut(job)
                    && self.stage.pool.retry(&job.job, item).is_some()
                {
                    job.items
                        .get_mut(&item)
                        .expect("only known items are kept")
                        .retries += 1;
                }
            }
            Step::Forget { job, item } => {
                if let Some(job) = self.jobs.get(job) {
                    self.stage.pool.forget(&job.job, item);
                }
            }
            Step::Bury { worker } => {
                if worker < self.workers.len() {
                    let _ = self.workers.remove(worker).0.bury();
                }
            }
            Step::Die { worker } => {
                if let Some((worker, _)) = self.workers.get_mut(worker) {
                    worker.die();
                    worker.frames.clear();
                }
            }
            ref step => self.work(step),
        }
    }

    fn work(&mut self, step: &Step) {
        let (Step::Claim { worker: at, .. }
        | Step::Begin { worker: at, .. }
        | Step::End { worker: at, .. }
        | Step::Commit { worker: at }
        | Step::CommitLarge { worker: at, .. }
        | Step::Park { worker: at }
        | Step::Retire { worker: at }
        | Step::Scribble { worker: at, .. }) = *step
        else {
            unreachable!("the home's and the callers' steps are taken elsewhere")
        };
        let Some((worker, running)) = self.workers.get_mut(at) else {
            return;
        };
        match *step {
            // A worker without suspended items claims when it has ended what it has.
            Step::Claim { suspended, .. } => {
                if suspended {
                    worker.claim_suspended();
                } else if running.is_empty() {
                    worker.claim();
                }
            }
            Step::Begin { frame, .. } => {
                let Some(head) = worker.frames.get(&frame).map(|frame| frame.head) else {
                    return;
                };
                let wide = running
                    .iter()
                    .filter(|running| running.frame == frame)
                    .count();
                if wide < head.width as usize
                    && let Some(item) = worker.begin(frame)
                {
                    running.push(Running {
                        job: head.job,
                        frame,
                        item,
                    });
                    let index = worker.frames[&frame].items[item as usize];
                    self.begun(head.job, index);
                }
            }
            Step::End {
                running: which,
                fails,
                ..
            } if which < running.len() => {
                let Running { frame, item, .. } = running.remove(which);
                let Some(head) = worker.frames.get(&frame).map(|frame| frame.head) else {
                    return;
                };
                // Only where items run one after the other; now and then one that is no number comes between.
                if head.width == 1 && !fails && item % 5 != 4 {
                    worker.end_in_row(frame, item, *b"a number");
                } else {
                    worker.end(frame, item, u8::from(fails), b"result");
                }
            }
            Step::CommitLarge { running: which, .. } if which < running.len() => {
                let Running { frame, item, .. } = running.remove(which);
                if worker.frames.contains_key(&frame) {
                    let _ = worker.commit_large(frame, item, &[1; 100]);
                    let state = worker.panel.state_of(frame, item);
                    state.store(2, Ordering::SeqCst);
                }
            }
            Step::Commit { .. } => {
                let _ = worker.commit();
            }
            Step::Park { .. } => {
                worker.park();
            }
            Step::Retire { .. } => {
                self.stage.pool.retire(worker.slot, worker.epoch);
            }
            Step::Scribble { frame, what, .. } if !self.honest => scribble(worker, frame, what),
            _ => {}
        }
    }

    fn open(&mut self, concurrency: u32, chunk: u32, keep_failed: bool, timeout: bool) {
        if self.jobs.len() >= 4 {
            return;
        }
        let mut spec = JobSpec::new(1, Arc::default());
        spec.concurrency = concurrency;
        spec.chunk = Some(chunk);
        spec.keep_failed = keep_failed;
        spec.timeout = timeout.then_some(Duration::from_millis(10));
        spec.grace = Duration::from_millis(4);
        spec.waits = keep_failed;
        let Ok(job) = self.stage.pool.open(spec, &self.stage.home.caller) else {
            assert!(self.closed);
            return;
        };
        let concurrency = if concurrency == 0 {
            WORKERS
        } else {
            concurrency
        } as usize;
        let items = BTreeMap::new();
        self.jobs.push(ModelJob {
            job,
            concurrency,
            items,
            next: 0,
            cancelled: false,
        });
    }

    fn submit(&mut self, job: usize, items: u32) {
        let Some(job) = self.jobs.get_mut(job) else {
            return;
        };
        let indexes = job.next..job.next + items;
        let accepted = self
            .stage
            .pool
            .submit(&job.job, segment(indexes.clone()))
            .is_ok();
        assert_eq!(accepted, !self.closed && !job.cancelled);
        if accepted {
            job.next += items;
            job.items
                .extend(indexes.map(|index| (index, Item::default())));
        }
    }

    fn cancel_item(&mut self, job: usize, index: u32) {
        let Some(job) = self.jobs.get_mut(job) else {
            return;
        };
        let outcome = self.stage.pool.cancel_item(&job.job, index);
        let Some(item) = job.items.get_mut(&index) else {
            assert_eq!(outcome, CancelItem::Gone);
            return;
        };
        match outcome {
            CancelItem::Gone => {}
            CancelItem::Dropped => {
                let never_ran = item.begun <= item.retries;
                assert!(never_ran || !self.honest, "dropped, and yet it ran");
                item.silenced = true;
            }
            CancelItem::Running => item.silenced = true,
        }
    }

    fn begun(&mut self, job: u64, index: u32) {
        let running = self.workers.iter().flat_map(|(_, running)| running);
        let at_once = running.filter(|running| running.job == job).count();
        let Some(job) = self.jobs.iter_mut().find(|known| known.job.id() == job) else {
            return;
        };
        let item = job.items.get_mut(&index).expect("only submitted items run");
        item.begun += 1;
        if self.honest {
            assert!(
                !job.cancelled && !self.closed,
                "nothing of an ended job begins"
            );
            assert!(
                item.begun <= 1 + item.retries,
                "item {index} began too often"
            );
            assert!(!item.silenced || item.begun <= item.retries + 1);
            assert!(
                at_once <= job.concurrency,
                "{at_once} at once of {}",
                job.concurrency
            );
        }
    }

    /// What must hold at every moment.
    fn check(&self) {
        for ((id, index), heard) in self.stage.home.counts() {
            let job = self
                .jobs
                .iter()
                .find(|job| job.job.id() == id)
                .expect("a known job");
            let most = 1 + job.items[&index].retries;
            assert!(
                heard.len() <= most,
                "item {index} was heard of too often: {heard:?}"
            );
        }
    }

    /// All workers end, the pool closes, and every item must have settled.
    fn finish(mut self) {
        while let Some((worker, _)) = self.workers.pop() {
            let _ = worker.bury();
        }
        self.stage.pool.close();
        self.check();
        let heard = self.stage.home.counts();
        for job in &self.jobs {
            assert_eq!(job.job.open_items(), 0);
            for (&index, item) in &job.items {
                let times = heard.get(&(job.job.id(), index)).map_or(0, Vec::len);
                let quiet = job.cancelled || item.silenced;
                assert!(
                    times == 1 + item.retries || quiet,
                    "item {index} was heard of {times} times"
                );
            }
        }
        assert!(self.stage.pool.idle());
        let stats = self.stage.pool.stats();
        assert_eq!((stats.queued, stats.running), (0, 0));
    }
}

fn scribble(worker: &Worker, frame: u32, what: u8) {
    let word = |words: &[std::sync::atomic::AtomicU32], value| {
        words[frame as usize % 16].store(value, Ordering::SeqCst);
    };
    match what {
        0 => worker.record(frame, 0, 3, b"unasked"),
        1 => worker.record(frame, 9, 0, b"kind"),
        2 => word(&worker.panel.started, 0),
        3 => word(&worker.panel.started, u32::MAX),
        4 => word(&worker.panel.limit, u32::MAX),
        5 => worker.record(frame, 4, 1, &[7; 24]),
        6 => worker.record(frame, 4, 0, b"cells"),
        7 => worker.record(frame, 4, 0, b""),
        8 => worker.record(frame, 5, 0, &2u32.to_le_bytes()),
        _ => worker.panel.state_of(0, frame).store(1, Ordering::SeqCst),
    }
}

fn play(steps: &[Step], honest: bool) {
    let mut play = Play::new(honest);
    play.take(&Step::Open {
        concurrency: 0,
        chunk: 6,
        keep_failed: true,
        timeout: false,
    });
    play.take(&Step::Start);
    for step in steps {
        play.take(step);
        play.check();
    }
    play.finish();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn with_workers_that_keep_to_the_protocol(steps in vec(step(), 1..200)) {
        play(&steps, true);
    }

    #[test]
    fn with_workers_that_write_nonsense(steps in vec(step(), 1..200)) {
        play(&steps, false);
    }
}
