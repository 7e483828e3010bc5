//! The scheduler of everycore.
