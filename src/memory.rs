//! Bytes that JavaScript owns: borrowed for one call, or shared for the life of a pool.

use std::ptr::{self, NonNull};

use napi::{JsValue, Unknown, sys};
use napi_derive::napi;

use crate::error::{Code, refuse};

/// Address and length of a `Uint8Array`'s bytes. napi-rs has no type for views on shared memory, hence the raw call.
fn view(array: &Unknown) -> crate::error::Result<(NonNull<u8>, usize)> {
    let raw = array.value();
    let (mut kind, mut length, mut data) = (0, 0, ptr::null_mut());
    // SAFETY: `raw` is a live handle of the calling environment; the out pointers are valid, the unused ones may be null.
    let status = unsafe {
        sys::napi_get_typedarray_info(
            raw.env,
            raw.value,
            &mut kind,
            &mut length,
            &mut data,
            ptr::null_mut(),
            ptr::null_mut(),
        )
    };
    if status != sys::Status::napi_ok || kind != sys::TypedarrayType::uint8_array {
        return refuse(Code::Argument, "expected a Uint8Array");
    }
    match NonNull::new(data.cast()) {
        Some(data) => Ok((data, length)),
        None if length == 0 => Ok((NonNull::dangling(), 0)),
        None => refuse(Code::Argument, "the Uint8Array has no memory (detached?)"),
    }
}

/// The bytes of an unshared `Uint8Array`, to read during this call.
///
/// # Safety
/// No JavaScript may run while the slice lives, and the array must not stand on shared memory.
pub unsafe fn borrow<'a>(array: &Unknown<'a>) -> crate::error::Result<&'a [u8]> {
    let (data, length) = view(array)?;
    // SAFETY: the caller keeps JavaScript from running, so nothing writes, detaches or resizes the memory.
    Ok(unsafe { std::slice::from_raw_parts(data.as_ptr(), length) })
}

/// The bytes of an unshared `Uint8Array`, to write during this call.
///
/// # Safety
/// As for [`borrow`], and no other slice of the same array may live.
pub unsafe fn borrow_mut<'a>(array: &Unknown<'a>) -> crate::error::Result<&'a mut [u8]> {
    let (data, length) = view(array)?;
    // SAFETY: as above, and exclusive by the caller's promise.
    Ok(unsafe { std::slice::from_raw_parts_mut(data.as_ptr(), length) })
}

/// Memory of a `SharedArrayBuffer`, reached through atomics and volatile copies only.
#[derive(Clone, Copy)]
pub struct SharedBytes {
    data: NonNull<u8>,
    length: usize,
}

// SAFETY: the memory is shared by nature; every access below is atomic or a copy of bytes that are validated after it.
unsafe impl Send for SharedBytes {}
// SAFETY: as above.
unsafe impl Sync for SharedBytes {}

impl SharedBytes {
    /// Takes the address of a view on a `SharedArrayBuffer`, which the facade keeps alive as long as the pool.
    pub fn of(array: &Unknown, at_least: usize) -> crate::error::Result<Self> {
        let (data, length) = view(array)?;
        if length < at_least || !(data.as_ptr() as usize).is_multiple_of(8) {
            return refuse(
                Code::Argument,
                format!("expected {at_least} aligned shared bytes, got {length}"),
            );
        }
        Ok(Self { data, length })
    }

    /// Takes the address of any `Uint8Array`, wherever it begins. It must be kept alive as long as it is used.
    pub fn anywhere(array: &Unknown) -> crate::error::Result<Self> {
        let (data, length) = view(array)?;
        Ok(Self { data, length })
    }

    /// The bytes, where they are not shared after all.
    ///
    /// # Safety
    /// As for [`borrow`].
    pub unsafe fn unshared<'a>(self) -> &'a [u8] {
        // SAFETY: the caller keeps JavaScript from running, so nothing writes, detaches or resizes the memory.
        unsafe { std::slice::from_raw_parts(self.data.as_ptr(), self.length) }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.length
    }

    /// Where they begin.
    pub fn address(&self) -> usize {
        self.data.as_ptr().addr()
    }

    /// Bytes from an offset to the next address that is a multiple of `alignment`.
    pub fn misalignment(&self, offset: usize, alignment: usize) -> usize {
        (self.data.as_ptr() as usize)
            .wrapping_add(offset)
            .wrapping_neg()
            % alignment
    }

    /// `count` bytes from an offset on.
    pub fn bytes_at(&self, offset: usize, count: usize) -> &[std::sync::atomic::AtomicU8] {
        assert!(offset <= self.length && count <= self.length - offset);
        // SAFETY: in bounds by the assertion; an `AtomicU8` is laid out as a byte, and whoever made this keeps the memory alive.
        unsafe { std::slice::from_raw_parts(self.data.as_ptr().add(offset).cast(), count) }
    }

    /// `count` words of 64 bits from an offset on, whose address must be aligned.
    pub fn words_at(&self, offset: usize, count: usize) -> &[std::sync::atomic::AtomicU64] {
        assert!(offset <= self.length && count <= (self.length - offset) / 8);
        assert!(count == 0 || self.misalignment(offset, 8) == 0);
        if count == 0 {
            return &[];
        }
        // SAFETY: in bounds and aligned by the assertions; an `AtomicU64` is laid out as a word, and the memory is kept alive.
        unsafe { std::slice::from_raw_parts(self.data.as_ptr().add(offset).cast(), count) }
    }

    /// The word at a byte offset.
    pub fn word(&self, offset: usize) -> &std::sync::atomic::AtomicU32 {
        assert!(offset + 4 <= self.length && offset.is_multiple_of(4));
        // SAFETY: in bounds and aligned by the assertion; the facade keeps the memory alive; JavaScript uses `Atomics` on it.
        unsafe { std::sync::atomic::AtomicU32::from_ptr(self.data.as_ptr().add(offset).cast()) }
    }

    /// The byte at an offset.
    pub fn byte(&self, offset: usize) -> &std::sync::atomic::AtomicU8 {
        assert!(offset < self.length);
        // SAFETY: in bounds by the assertion; a byte is always aligned.
        unsafe { std::sync::atomic::AtomicU8::from_ptr(self.data.as_ptr().add(offset)) }
    }

    /// Appends a copy of `[from, to)` to `into`. The writer published those bytes with a release store and leaves them alone;
    /// should a task scribble on them all the same, the copy is what gets validated.
    pub fn copy_out(&self, from: usize, to: usize, into: &mut Vec<u8>) {
        assert!(from <= to && to <= self.length);
        into.reserve(to - from);
        // SAFETY: in bounds by the assertion; `into` has room; the ranges cannot overlap.
        unsafe {
            ptr::copy_nonoverlapping(
                self.data.as_ptr().add(from),
                into.as_mut_ptr().add(into.len()),
                to - from,
            );
            into.set_len(into.len() + (to - from));
        }
    }
}

/// Asks for large pages under memory that nobody has touched yet. Only advice: whatever comes of it, the bytes are the same.
#[napi(catch_unwind)]
pub fn ask_for_large_pages(array: Unknown) -> crate::error::Result<()> {
    let (data, length) = view(&array)?;
    everycore_kernels::ask_for_large(data.as_ptr().addr(), length);
    Ok(())
}
