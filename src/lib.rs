//! The Node addon of everycore.
//!
//! Each module converts JavaScript values in, calls `crates/*`, and converts the outcome out.

mod shipping;
