//! The lane's queue: a few jobs are active, which hold memory; the others wait in line, and hold none.

use std::collections::VecDeque;
use std::sync::Arc;

use parking_lot::Mutex;

use super::Refused;
use crate::Stop;

/// The right to be active; the next in line gets it when it is dropped.
pub struct Permit(Arc<Admission>);

type Later = Box<dyn FnOnce(Permit) + Send>;

pub(super) struct Admission {
    line: Mutex<Line>,
    max_active: usize,
    max_waiting: usize,
}

struct Line {
    active: usize,
    waiting: VecDeque<(Stop, Later)>,
}

impl Admission {
    pub(super) fn new(max_active: usize, max_waiting: usize) -> Arc<Self> {
        let line = Line {
            active: 0,
            waiting: VecDeque::new(),
        };
        Arc::new(Self {
            line: Mutex::new(line),
            max_active,
            max_waiting,
        })
    }

    pub(super) fn permits(&self) -> usize {
        self.max_active
    }

    /// Jobs that hold a permit.
    pub(super) fn active(&self) -> usize {
        self.line.lock().active
    }

    pub(super) fn ask(
        this: &Arc<Self>,
        unwanted: Stop,
        later: Later,
    ) -> Result<Option<Permit>, Refused> {
        let mut line = this.line.lock();
        if line.active < this.max_active {
            line.active += 1;
            return Ok(Some(Permit(this.clone())));
        }
        if line.waiting.len() >= this.max_waiting {
            // Those who gave up stand in line until their turn; only a full line is worth the search for them.
            line.waiting.retain(|(unwanted, _)| !unwanted.is_asked());
            if line.waiting.len() >= this.max_waiting {
                return Err(Refused::Full);
            }
        }
        line.waiting.push_back((unwanted, later));
        Ok(None)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let next = {
            let mut line = self.0.line.lock();
            let next = loop {
                match line.waiting.pop_front() {
                    Some((unwanted, _)) if unwanted.is_asked() => {}
                    Some((_, later)) => break Some(later),
                    None => break None,
                }
            };
            if next.is_none() {
                line.active -= 1;
            }
            next
        };
        if let Some(later) = next {
            later(Permit(self.0.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    fn count(calls: &Arc<AtomicU32>) -> Later {
        let calls = calls.clone();
        Box::new(move |permit| {
            calls.fetch_add(1, Ordering::Relaxed);
            drop(permit);
        })
    }

    #[test]
    fn those_who_wait_get_what_is_given_back_in_order_and_those_who_left_do_not() {
        let admission = Admission::new(1, 3);
        let calls = Arc::new(AtomicU32::new(0));
        let gone = Stop::default();
        let first = Admission::ask(&admission, Stop::default(), count(&calls)).unwrap();
        for stop in [Stop::default(), gone.clone(), Stop::default()] {
            assert!(
                Admission::ask(&admission, stop, count(&calls))
                    .unwrap()
                    .is_none()
            );
        }
        assert!(Admission::ask(&admission, Stop::default(), count(&calls)).is_err());
        gone.ask();
        assert!(
            Admission::ask(&admission, Stop::default(), count(&calls))
                .unwrap()
                .is_none(),
            "who has left makes room"
        );
        drop(first);
        assert_eq!(calls.load(Ordering::Relaxed), 3);
        let again = Admission::ask(&admission, Stop::default(), count(&calls)).unwrap();
        assert!(again.is_some(), "all permits are back");
    }
}
