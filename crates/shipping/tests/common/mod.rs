//! Short ways of asking.
#![allow(dead_code)]

use everycore_shipping::{Analysis, Role, TieKind, analyse};

/// The analysis of a source that has one.
pub fn ok(source: &str) -> Analysis {
    analyse(source).unwrap_or_else(|refusal| panic!("{source}: {refusal}"))
}

/// Names of the free variables.
pub fn free(source: &str) -> Vec<String> {
    ok(source).free.into_iter().map(|it| it.name).collect()
}

/// Kinds of ties.
pub fn ties(source: &str) -> Vec<TieKind> {
    ok(source).ties.into_iter().map(|it| it.kind).collect()
}

/// The role of one free variable.
pub fn role(source: &str, name: &str) -> Role {
    let found = ok(source).free.into_iter().find(|it| it.name == name);
    found
        .unwrap_or_else(|| panic!("{name} is not free in {source}"))
        .role
}
