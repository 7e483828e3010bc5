//! The order of records by keys that the facade reads and hands over, column by column.

use std::sync::Arc;

use everycore_kernels::order::{Class, Column, Ordered, Texts, order};
use napi::Unknown;
use napi_derive::napi;

use crate::error::{Code, Result, refuse};
use crate::memory::{borrow, borrow_mut};
use crate::native::errand::Errand;
use crate::native::lane::NativeLane;
use crate::native::strings::{copy_string, string_length};

/// An order found by the native threads.
#[napi]
pub struct NativeOrder {
    errand: Arc<Errand<Ordered>>,
    columns: Vec<Column>,
    running: bool,
    found: Option<Ordered>,
}

#[napi]
impl NativeOrder {
    /// Without columns yet.
    #[napi(constructor, catch_unwind)]
    pub fn new(lane: &NativeLane) -> Self {
        Self {
            errand: Errand::new(lane),
            columns: Vec::new(),
            running: false,
            found: None,
        }
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

    /// A new column for so many texts or numbers; returns its number.
    #[napi(catch_unwind)]
    pub fn add(&mut self, texts: bool, down: bool, length: f64) -> Result<u32> {
        let column = if texts {
            Ok(Column::Texts(Texts::default(), down))
        } else {
            Column::for_numbers(length as usize, down)
        };
        match column {
            Ok(column) => self.columns.push(column),
            Err(_) => return refuse(Code::NoMemory, "it refused an allocation"),
        }
        Ok(self.columns.len() as u32 - 1)
    }

    /// Appends numbers (doubles) to column `at`. `classes`, if not all are numbers, has a byte for each: 0 a number, 1 a text, 2 missing.
    #[napi(catch_unwind)]
    pub fn numbers(&mut self, at: u32, numbers: Unknown, classes: Option<Unknown>) -> Result<()> {
        // SAFETY: the facade passes ordinary Uint8Arrays, and no JavaScript runs until this call returns.
        let (numbers, classes) = unsafe {
            let classes = classes.as_ref().map(|classes| borrow(classes));
            (borrow(&numbers)?, classes.transpose()?)
        };
        let Some(column @ Column::Numbers(..)) = self.columns.get_mut(at as usize) else {
            return refuse(Code::Argument, "there is no column of numbers");
        };
        let doubles = numbers.chunks_exact(8).map(bytemuck::pod_read_unaligned);
        match classes {
            None => column.push_numbers(doubles.map(|number| (number, Class::Number))),
            Some(classes) => column.push_numbers(doubles.zip(classes.iter().map(class))),
        }
        Ok(())
    }

    /// Appends texts that stand one behind the other in `joined` to column `at`, after `missing` that are not there. `lengths` has 32 bits for each.
    #[napi(catch_unwind)]
    pub fn texts(
        &mut self,
        at: u32,
        missing: u32,
        joined: Unknown,
        lengths: Unknown,
    ) -> Result<()> {
        let mut units = vec![0; string_length(&joined)? + 1];
        let length = copy_string(&joined, &mut units)?;
        // SAFETY: the facade passes an ordinary Uint8Array, and no JavaScript runs until this call returns.
        let lengths = unsafe { borrow(&lengths)? };
        let Some(Column::Texts(texts, _)) = self.columns.get_mut(at as usize) else {
            return refuse(Code::Argument, "there is no column of texts");
        };
        texts.skip(missing as usize);
        texts.push(
            &units[..length],
            lengths.chunks_exact(4).map(bytemuck::pod_read_unaligned),
        );
        Ok(())
    }

    /// Finds the order by columns in the order of `columns`.
    #[napi(catch_unwind)]
    pub fn start(&mut self, columns: Vec<u32>) {
        let mut given: Vec<Option<Column>> = self.columns.drain(..).map(Some).collect();
        let columns: Vec<Column> = columns
            .into_iter()
            .filter_map(|at| given.get_mut(at as usize)?.take())
            .collect();
        self.running = true;
        self.errand.run(move |stop| order(columns, stop));
    }

    /// Whether it was found.
    #[napi(catch_unwind)]
    pub fn take(&mut self) -> Result<bool> {
        self.found = self.errand.take()?;
        Ok(self.found.is_some())
    }

    /// Writes the indexes of the records from `place` on, 32 bits each, as many as `into` takes.
    #[napi(catch_unwind)]
    pub fn indexes(&self, place: f64, into: Unknown) -> Result<()> {
        // SAFETY: the facade passes an ordinary Uint8Array, and no JavaScript runs until this call returns.
        let into = unsafe { borrow_mut(&into)? };
        match (&self.found, bytemuck::try_cast_slice_mut(into)) {
            (Some(found), Ok(into)) => {
                found.indexes(place as usize, into);
                Ok(())
            }
            _ => refuse(Code::Argument, "there is no order, or no room for it"),
        }
    }

    /// Nobody wants it any more.
    #[napi(catch_unwind)]
    pub fn cancel(&mut self) {
        self.errand.cancel(self.running);
        self.columns.clear();
        self.found = None;
    }
}

fn class(class: &u8) -> Class {
    match class {
        0 => Class::Number,
        1 => Class::Text,
        _ => Class::Missing,
    }
}
