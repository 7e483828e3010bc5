//! JavaScript's strings as UTF-16 units, in and out.

use std::ptr;

use napi::{Env, JsString, JsValue, Unknown, sys};

use crate::error::{Code, Result, from_napi, refuse};

/// As narrow as it can be: that halves what it takes, and what is cut out of it.
pub fn string_of<'env>(env: &'env Env, units: &[u16]) -> Result<JsString<'env>> {
    if units.iter().all(|&unit| unit < 0x100) {
        let bytes: Vec<u8> = units.iter().map(|&unit| unit as u8).collect();
        return env.create_string_latin1(bytes).map_err(from_napi);
    }
    env.create_string_utf16(units).map_err(from_napi)
}

/// Units of a string.
pub fn string_length(text: &Unknown) -> Result<usize> {
    let raw = text.value();
    let mut length = 0;
    // SAFETY: `raw` is a live handle of the calling environment; without a buffer only the length is asked for.
    let status = unsafe {
        sys::napi_get_value_string_utf16(raw.env, raw.value, ptr::null_mut(), 0, &mut length)
    };
    if status != sys::Status::napi_ok {
        return refuse(Code::Argument, "expected a string");
    }
    Ok(length)
}

/// Copies a string and a zero behind it into `into`, which must have room; returns the string's units.
pub fn copy_string(text: &Unknown, into: &mut [u16]) -> Result<usize> {
    let raw = text.value();
    let mut length = 0;
    // SAFETY: as above, and the buffer is as long as is said.
    let status = unsafe {
        sys::napi_get_value_string_utf16(
            raw.env,
            raw.value,
            into.as_mut_ptr(),
            into.len(),
            &mut length,
        )
    };
    if status != sys::Status::napi_ok {
        return refuse(Code::Argument, "expected a string");
    }
    Ok(length)
}
