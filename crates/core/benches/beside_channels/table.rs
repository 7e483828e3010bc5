//! Contenders side by side: they take turns round by round, so that whatever else the machine does meets all of them, and what is told is medians and
//! their ratio to the first.

use std::time::{Duration, Instant};

/// One contender, ready to run a round.
pub type Runner<'a> = (&'a str, Box<dyn FnMut() + 'a>);

/// Rounds of each contender in a row of a table, the first of which only warm up.
const ROUNDS: usize = 15;
const WARM_UP: usize = 3;
/// What a turn lasts at least: long enough that the clock, and waking up from the turns of others, do not show.
const TURN: Duration = Duration::from_millis(8);

/// Prints rows as they come, those whose names contain what the command line asks for; with `--test` it only runs each contender once.
pub struct Table {
    test: bool,
    wanted: Option<String>,
    begun: bool,
}

impl Table {
    pub fn new(title: &str) -> Self {
        let (flags, names): (Vec<_>, Vec<_>) = std::env::args()
            .skip(1)
            .partition(|argument| argument.starts_with("--"));
        println!("\n{title}\n");
        Self {
            test: flags.iter().any(|flag| flag == "--test"),
            wanted: names.into_iter().next(),
            begun: false,
        }
    }

    pub fn wants(&self, name: &str) -> bool {
        self.wanted
            .as_deref()
            .is_none_or(|wanted| name.contains(wanted))
    }

    /// A row; `items` is how many a round of each contender handles. Nanoseconds an item, and how often the second contender's time the first one takes.
    pub fn row(&mut self, name: &str, items: u64, runners: &mut [Runner<'_>]) {
        if self.test {
            for (contender, run) in runners {
                println!("Testing {name}/{contender}");
                run();
                println!("Success");
            }
            return;
        }
        if !self.begun {
            let names: Vec<_> = runners.iter().map(|(name, _)| *name).collect();
            println!("| ns an item | {} | ratio |", names.join(" | "));
            println!("|---|{}---|", "---|".repeat(names.len()));
            self.begun = true;
        }
        let nanos = medians(runners).map(|time| time.as_nanos() as f64 / items as f64);
        let nanos: Vec<_> = nanos.collect();
        let cells: Vec<_> = nanos.iter().map(|nanos| figure(*nanos)).collect();
        let ratio = nanos[0] / nanos[1];
        println!("| {name} | {} | {ratio:.2} |", cells.join(" | "));
    }
}

fn figure(nanos: f64) -> String {
    if nanos < 100.0 {
        format!("{nanos:.1}")
    } else {
        format!("{nanos:.0}")
    }
}

/// The median round of each.
fn medians(runners: &mut [Runner<'_>]) -> impl Iterator<Item = Duration> {
    let mut times = vec![Vec::new(); runners.len()];
    for round in 0..ROUNDS {
        for ((_, run), times) in runners.iter_mut().zip(&mut times) {
            let time = turn(run);
            if round >= WARM_UP {
                times.push(time);
            }
        }
    }
    times.into_iter().map(|mut times| {
        times.sort_unstable();
        times[times.len() / 2]
    })
}

/// Time of a round, out of as many as fill a turn; the first does not count, for it may find everybody asleep.
fn turn(run: &mut dyn FnMut()) -> Duration {
    run();
    let begin = Instant::now();
    let mut rounds = 0;
    while begin.elapsed() < TURN {
        run();
        rounds += 1;
    }
    begin.elapsed() / rounds
}
