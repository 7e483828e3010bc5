//! One piece of native work between its start and the fetching of its result: permit, signal, outcome.

use std::sync::Arc;

use everycore_kernels::lane::{Failure, Lane, Permit, Refused};
use everycore_kernels::{Interrupted, Stop};
use parking_lot::Mutex;

use crate::error::{Code, Result, refuse};
use crate::native::lane::NativeLane;
use crate::native::port::Signal;

/// Shared by the object that JavaScript holds and the threads that work.
pub struct Errand<T> {
    lane: Arc<Lane>,
    signal: Arc<Signal>,
    stop: Stop,
    state: Mutex<State<T>>,
}

struct State<T> {
    /// A permit was asked for.
    asked: bool,
    /// Held from admission to the end.
    permit: Option<Permit>,
    outcome: Option<std::result::Result<T, Failure>>,
}

impl<T: Send + 'static> Errand<T> {
    /// Work that has asked for nothing yet.
    pub fn new(lane: &NativeLane) -> Arc<Self> {
        Arc::new(Self {
            lane: lane.lane.clone(),
            signal: lane.port.signal(),
            stop: Stop::default(),
            state: Mutex::new(State {
                asked: false,
                permit: None,
                outcome: None,
            }),
        })
    }

    /// Its number at its port.
    pub fn id(&self) -> u32 {
        self.signal.id
    }

    /// What the kernel looks at between pieces.
    pub fn stop(&self) -> &Stop {
        &self.stop
    }

    /// Where it runs.
    pub fn lane(&self) -> &Arc<Lane> {
        &self.lane
    }

    /// What it rings when there is room, or an end.
    pub fn signal(&self) -> &Arc<Signal> {
        &self.signal
    }

    /// Whether it may run; the first call asks for it. If not, it waits for others, and is rung when it may.
    pub fn admit(self: &Arc<Self>) -> Result<bool> {
        {
            let mut state = self.state.lock();
            if std::mem::replace(&mut state.asked, true) {
                return Ok(state.permit.is_some());
            }
        }
        let this = self.clone();
        let later = move |permit| {
            this.state.lock().permit = Some(permit);
            this.signal.ring();
            // Whoever cancels asks first and looks for a permit second; this is the other side.
            if this.stop.is_asked() {
                this.cancel(false);
            }
        };
        match self.lane.admit(self.stop.clone(), later) {
            Ok(Some(permit)) => {
                self.state.lock().permit = Some(permit);
                Ok(true)
            }
            Ok(None) => Ok(false),
            Err(refused) => refuse_for(refused),
        }
    }

    /// Hands `work` to the threads; its end is rung.
    pub fn run(
        self: &Arc<Self>,
        work: impl FnOnce(&Stop) -> std::result::Result<T, Interrupted> + Send + 'static,
    ) {
        let (stop, this) = (self.stop.clone(), self.clone());
        self.lane
            .spawn(move || work(&stop), move |outcome| this.end(outcome));
    }

    /// The work has ended: the permit goes on, and whoever waits is rung.
    pub fn end(&self, outcome: std::result::Result<T, Failure>) {
        let permit = {
            let mut state = self.state.lock();
            // Work in many parts may fail more than once; what was told first stays.
            state.outcome.get_or_insert(outcome);
            state.permit.take()
        };
        drop(permit);
        self.signal.ring();
    }

    /// The result, once, when there is one.
    pub fn take(&self) -> Result<Option<T>> {
        match self.state.lock().outcome.take() {
            None => Ok(None),
            Some(Ok(result)) => Ok(Some(result)),
            Some(Err(Failure::Panicked(message))) => refuse(Code::Argument, message),
            Some(Err(Failure::Interrupted(Interrupted::NoMemory))) => {
                refuse(Code::NoMemory, "it refused an allocation")
            }
            Some(Err(Failure::Refused(refused))) => refuse_for(refused),
            // Nobody waits for work that was stopped, and nobody is left where the memory has gone.
            Some(Err(Failure::Interrupted(_))) => refuse(Code::Closed, "the work was stopped"),
        }
    }

    /// Nobody wants it any more. A permit that it holds goes back at once, unless it runs: then when it ends.
    pub fn cancel(&self, running: bool) {
        self.stop.ask();
        let permit = if running {
            None
        } else {
            self.state.lock().permit.take()
        };
        drop(permit);
    }
}

fn refuse_for<T>(refused: Refused) -> Result<T> {
    match refused {
        Refused::Full => refuse(Code::QueueFull, "the native queue is full"),
        Refused::Closed => refuse(Code::Closed, "the pool is closed"),
        Refused::NoThreads(reason) => refuse(
            Code::NoMemory,
            format!("native threads cannot start: {reason}"),
        ),
    }
}

/// On its own thread memory cannot go, and nobody stops; but there may be none left.
pub fn enough<T>(result: std::result::Result<T, Interrupted>) -> Result<T> {
    result.or_else(|_| refuse(Code::NoMemory, "it refused an allocation"))
}
