//! Sort and argsort. The facade makes the array that the result goes to, and nobody else has it before the end; native threads write it as they
//! write shared memory.

use std::sync::Arc;

use everycore_kernels::{Interrupted, Keys, Kind, Memory, Stop, argsort, sort};
use napi::Unknown;
use napi_derive::napi;

use crate::error::{Code, Result, refuse};
use crate::memory::{SharedBytes, borrow};
use crate::native::errand::{Errand, enough};
use crate::native::lane::NativeLane;
use crate::native::port::Port;
use crate::native::reduce::kind_of;
use crate::native::shared::{HereView, SharedView};

/// A sort by the native threads.
#[napi]
pub struct NativeSort {
    errand: Arc<Errand<()>>,
    port: Arc<Port>,
    kind: Kind,
    indexes: bool,
    keys: Option<Keys>,
    running: bool,
}

#[napi]
impl NativeSort {
    /// `indexes`: the order is wanted, not the elements.
    #[napi(constructor, catch_unwind)]
    pub fn new(lane: &NativeLane, kind: u32, indexes: bool) -> Result<Self> {
        Ok(Self {
            errand: Errand::new(lane),
            port: lane.port.clone(),
            kind: kind_of(kind)?,
            indexes,
            keys: None,
            running: false,
        })
    }

    /// Its number at its port.
    #[napi(getter)]
    pub fn id(&self) -> u32 {
        self.errand.id()
    }

    /// Whether it may run now; else it is rung when it may.
    #[napi(catch_unwind)]
    pub fn admit(&self) -> Result<bool> {
        self.errand.admit()
    }

    /// Makes room for the elements that will be fed.
    #[napi(catch_unwind)]
    pub fn expect(&mut self, length: f64) -> Result<()> {
        self.keys = Some(enough(Keys::with_capacity(self.kind, length as usize))?);
        Ok(())
    }

    /// Copies the elements that follow, of an array on memory that is not shared.
    #[napi(catch_unwind)]
    pub fn feed(&mut self, bytes: Unknown) -> Result<()> {
        // SAFETY: the facade says that it stands on no shared memory, and no JavaScript runs until this call returns.
        let bytes = unsafe { borrow(&bytes)? };
        match &mut self.keys {
            Some(keys) => enough(keys.append(self.kind, &bytes)),
            None => refuse(Code::Argument, "nothing is expected"),
        }
    }

    /// Sorts what was fed, into `into`, which the facade holds until the end.
    #[napi(catch_unwind)]
    pub fn start(&mut self, into: Unknown) -> Result<()> {
        let out = SharedView::fresh(&into, self.port.clone())?;
        let Some(keys) = self.keys.take() else {
            return refuse(Code::Argument, "nothing was fed");
        };
        let (kind, indexes) = (self.kind, self.indexes);
        self.running = true;
        self.errand
            .run(move |stop| write(kind, indexes, keys, &out, stop));
        Ok(())
    }

    /// Sorts what stands in shared memory, into `into`; the facade holds both until the end.
    #[napi(catch_unwind)]
    pub fn start_shared(&mut self, from: Unknown, into: Unknown) -> Result<()> {
        let from = SharedView::of(&from, self.port.clone())?;
        let out = SharedView::fresh(&into, self.port.clone())?;
        let (kind, indexes) = (self.kind, self.indexes);
        self.running = true;
        self.errand.run(move |stop| {
            let keys = Keys::read(kind, &from, stop)?;
            write(kind, indexes, keys, &out, stop)
        });
        Ok(())
    }

    /// Whether it has ended.
    #[napi(catch_unwind)]
    pub fn take(&self) -> Result<bool> {
        Ok(self.errand.take()?.is_some())
    }

    /// Nobody wants it any more.
    #[napi(catch_unwind)]
    pub fn cancel(&mut self) {
        self.errand.cancel(self.running);
        self.keys = None;
    }
}

/// Sorts few numbers at once, on this thread; `from` may stand on either memory, and be the same as `into`.
#[napi(catch_unwind)]
pub fn sort_here(kind: u32, indexes: bool, from: Unknown, into: Unknown) -> Result<()> {
    let kind = kind_of(kind)?;
    let from = HereView(SharedBytes::anywhere(&from)?);
    let out = HereView(SharedBytes::anywhere(&into)?);
    let mut keys = enough(Keys::with_capacity(kind, from.len() / kind.size()))?;
    enough(keys.append(kind, &from))?;
    enough(write(kind, indexes, keys, &out, &Stop::default()))
}

fn write(
    kind: Kind,
    indexes: bool,
    keys: Keys,
    out: &dyn Memory,
    stop: &Stop,
) -> std::result::Result<(), Interrupted> {
    if indexes {
        argsort(keys, out, stop)
    } else {
        sort(kind, keys, out, stop)
    }
}
