//! Sum, least and greatest: on the native threads where memory is shared, else on the thread that calls, for reading is all there is to do.

use std::sync::Arc;

use everycore_kernels::{Kind, Reduced, Reducer, Reduction, reduce};
use napi::Unknown;
use napi::bindgen_prelude::{BigInt, Either3};
use napi_derive::napi;

use crate::error::{Code, Result, refuse};
use crate::memory::{SharedBytes, borrow};
use crate::native::errand::Errand;
use crate::native::lane::NativeLane;
use crate::native::shared::{HereView, SharedView};

/// What a reduction gives: nothing where there was nothing.
type Number = Either3<f64, BigInt, ()>;

/// The kind whose number this is: the place in [`Kind::ALL`].
pub fn kind_of(kind: u32) -> Result<Kind> {
    match Kind::ALL.get(kind as usize) {
        Some(&kind) => Ok(kind),
        None => refuse(Code::Argument, format!("no kind {kind}")),
    }
}

fn reduction_of(reduction: u32) -> Reduction {
    match reduction {
        0 => Reduction::Sum,
        1 => Reduction::Min,
        _ => Reduction::Max,
    }
}

fn number(reduced: Reduced, kind: Kind) -> Number {
    match reduced {
        Reduced::Nothing => Either3::C(()),
        Reduced::Float(value) => Either3::A(value),
        Reduced::Integer(value) if matches!(kind, Kind::I64 | Kind::U64) => {
            Either3::B(BigInt::from(value))
        }
        Reduced::Integer(value) => Either3::A(value as f64),
    }
}

/// A reduction in steps, on this thread.
#[napi]
pub struct NativeReducer {
    kind: Kind,
    reducer: Reducer,
}

#[napi]
impl NativeReducer {
    /// `reduction`: 0 sum, 1 least, 2 greatest.
    #[napi(constructor, catch_unwind)]
    pub fn new(kind: u32, reduction: u32) -> Result<Self> {
        let kind = kind_of(kind)?;
        Ok(Self {
            kind,
            reducer: Reducer::new(kind, reduction_of(reduction)),
        })
    }

    /// Takes in the bytes that follow: whole pieces, but for the last.
    #[napi(catch_unwind)]
    pub fn take(&mut self, bytes: Unknown, shared: bool) -> Result<()> {
        let taken = if shared {
            self.reducer.take(&HereView(SharedBytes::anywhere(&bytes)?))
        } else {
            // SAFETY: the facade says that it stands on no shared memory, and no JavaScript runs until this call returns.
            self.reducer.take(&unsafe { borrow(&bytes)? })
        };
        match taken {
            Ok(()) => Ok(()),
            Err(_) => refuse(Code::Argument, "memory on its own thread cannot go"),
        }
    }

    /// What all of it gave.
    #[napi(catch_unwind)]
    pub fn finish(&self) -> Number {
        number(self.reducer.finish(), self.kind)
    }
}

/// A reduction of shared memory by the native threads.
#[napi]
pub struct NativeReduce {
    errand: Arc<Errand<Reduced>>,
    view: Option<SharedView>,
    kind: Kind,
    reduction: Reduction,
    running: bool,
}

#[napi]
impl NativeReduce {
    /// `view` is a `Uint8Array` on shared memory, which the facade holds until the end.
    #[napi(constructor, catch_unwind)]
    pub fn new(lane: &NativeLane, kind: u32, reduction: u32, view: Unknown) -> Result<Self> {
        Ok(Self {
            errand: Errand::new(lane),
            view: Some(SharedView::of(&view, lane.port.clone())?),
            kind: kind_of(kind)?,
            reduction: reduction_of(reduction),
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

    /// Runs.
    #[napi(catch_unwind)]
    pub fn start(&mut self) {
        if let Some(view) = self.view.take() {
            let (kind, reduction) = (self.kind, self.reduction);
            self.running = true;
            self.errand
                .run(move |stop| reduce(&view, kind, reduction, stop));
        }
    }

    /// Whether it has ended, and with what.
    #[napi(catch_unwind)]
    pub fn take(&self) -> Result<Option<NativeNumber>> {
        let kind = self.kind;
        let result = self.errand.take()?;
        Ok(result.map(|reduced| NativeNumber {
            value: number(reduced, kind),
        }))
    }

    /// Nobody wants it any more.
    #[napi(catch_unwind)]
    pub fn cancel(&self) {
        self.errand.cancel(self.running);
    }
}

/// The end of a reduction.
#[napi(object)]
pub struct NativeNumber {
    /// Absent where there was nothing.
    pub value: Number,
}
