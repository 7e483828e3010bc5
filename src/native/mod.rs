//! The native lane as JavaScript sees it: one file per kernel family, and what all of them share.
//!
//! | module | idea |
//! |---|---|
//! | [`lane`] | a calling thread's way to its pool's lane |
//! | [`port`] | how work tells a calling thread of its progress, and how that thread's end is survived |
//! | [`shared`] | memory that JavaScript may write meanwhile |
//! | [`errand`] | one piece of work between its start and the fetching of its result |
//! | [`reduce`] | sum, least, greatest |
//! | [`sort`] | sort and argsort of numbers |
//! | [`hash`] | digests of messages by the native threads |
//! | [`hash_here`] | the same on the thread that calls |
//! | [`digests`] | digests on their way out |
//! | [`messages`] | a list of messages while it is gone through |
//! | [`words`] | words and how often they are met |
//! | [`word_list`] | those on their way out |
//! | [`strings`] | strings as UTF-16 units |
//! | [`order`] | the order of records by their keys |

pub mod digests;
pub mod errand;
pub mod hash;
pub mod hash_here;
pub mod lane;
pub mod messages;
pub mod order;
pub mod port;
pub mod reduce;
pub mod shared;
pub mod sort;
pub mod strings;
pub mod word_list;
pub mod words;
