//! Free variables: the references that the scope analysis could not resolve inside the function.

use std::collections::BTreeMap;

use oxc_semantic::{ReferenceId, Semantic};
use oxc_span::GetSpan;

use crate::offsets::Offsets;
use crate::parameters;
use crate::shapes::{Shape, literal_argument, shape_of};
use crate::{FreeVariable, Reference, Role};

/// All free variables by first mention. `arguments` is none: a function that is not an arrow has its own, and an
/// arrow's is reported as a tie.
pub fn free_variables(semantic: &Semantic, offsets: &Offsets) -> Vec<FreeVariable> {
    let mut by_name: BTreeMap<String, Vec<ReferenceId>> = BTreeMap::new();
    for (name, ids) in semantic.scoping().root_unresolved_references() {
        by_name
            .entry(name.as_str().to_owned())
            .or_default()
            .extend(ids.iter().copied());
    }
    for (name, id) in parameters::seen_through(semantic) {
        by_name.entry(name).or_default().push(id);
    }
    by_name.remove("arguments");
    let mut found: Vec<FreeVariable> = by_name
        .iter()
        .map(|(name, ids)| variable(name, ids, semantic, offsets))
        .collect();
    found.sort_by_key(|it| it.references.first().map_or(0, |first| first.start));
    found
}

fn variable(
    name: &str,
    ids: &[ReferenceId],
    semantic: &Semantic,
    offsets: &Offsets,
) -> FreeVariable {
    let mut references = Vec::with_capacity(ids.len());
    let mut literals = Vec::new();
    let mut uses = Uses::default();
    for &id in ids {
        let reference = semantic.scoping().get_reference(id);
        let node = reference.node_id();
        let span = semantic.nodes().kind(node).span();
        let write = reference.flags().is_write();
        references.push(Reference {
            start: offsets.utf16(span.start),
            end: offsets.utf16(span.end),
            write,
        });
        uses.add(if write {
            Shape::Value
        } else {
            shape_of(semantic, node)
        });
        literals.extend(literal_argument(semantic, node));
    }
    references.sort_by_key(|it| it.start);
    let (role, members) = uses.into_role(ids.len(), name);
    FreeVariable {
        name: name.to_owned(),
        references,
        role,
        members,
        literals,
    }
}

/// Counts of each shape.
#[derive(Default)]
struct Uses {
    naming: usize,
    awaiter: usize,
    counter: usize,
    counts_functions: bool,
    members: Vec<String>,
}

impl Uses {
    fn add(&mut self, shape: Shape) {
        match shape {
            Shape::Value => {}
            Shape::Member(name) => self.members.push(name),
            Shape::Naming => self.naming += 1,
            Shape::Awaiter => self.awaiter += 1,
            Shape::Counter(function) => {
                self.counter += 1;
                self.counts_functions |= function;
            }
        }
    }

    /// A role holds only if every reference agrees.
    fn into_role(mut self, all: usize, name: &str) -> (Role, Vec<String>) {
        if self.naming == all {
            return (Role::Naming, Vec::new());
        }
        if self.awaiter == all {
            return (Role::Awaiter, Vec::new());
        }
        // The function counter or the usual name: `x().s[0]++` alone could be somebody's own code.
        if self.counter == all && (self.counts_functions || name.starts_with("cov_")) {
            return (Role::Counter, Vec::new());
        }
        if self.members.len() == all {
            self.members.sort();
            self.members.dedup();
            return (Role::Members, self.members);
        }
        (Role::Value, Vec::new())
    }
}
