//! Parsing: a function's source alone is not a program, so it is tried in wrappings that make it one.

use std::collections::BTreeSet;

use oxc_allocator::Allocator;
use oxc_parser::{ParseOptions, Parser};
use oxc_semantic::{Semantic, SemanticBuilder};
use oxc_span::SourceType;

use crate::offsets::Offsets;
use crate::outer::Outer;
use crate::{Analysis, Refusal, free, lowered, ties};

/// One way of making a program from the source.
struct Wrapping {
    before: &'static str,
    /// Stands between `before` and the source, after declarations of the private names that the source mentions.
    inside: &'static str,
    after: &'static str,
    module: bool,
    sloppy: bool,
}

const fn wrapping(before: &'static str, inside: &'static str, after: &'static str) -> Wrapping {
    Wrapping {
        before,
        inside,
        after,
        module: false,
        sloppy: false,
    }
}

/// In the order of trying. The newline before what closes it ends a trailing comment.
const WRAPPINGS: [Wrapping; 7] = [
    wrapping("'use strict';(", "", "\n)"),
    Wrapping {
        sloppy: true,
        ..wrapping("(", "", "\n)")
    },
    // Where `super`, `new.target` and private names of the code around are no syntax errors, so that they can be named.
    wrapping("(class extends null{", "constructor(){(", "\n)}})"),
    // The same for `import.meta`.
    Wrapping {
        module: true,
        ..wrapping("(class extends null{", "constructor(){(", "\n)}})")
    },
    wrapping("'use strict';({", "", "\n})"),
    Wrapping {
        sloppy: true,
        ..wrapping("({", "", "\n})")
    },
    // Methods that only a class can have, or only a module.
    Wrapping {
        module: true,
        ..wrapping("(class{", "static{(class extends null{", "\n})}})")
    },
];

/// Built-in and bound functions: every engine prints this body, and no parser accepts it.
pub fn is_native(source: &str) -> bool {
    let Some(body) = source.trim_end().strip_suffix('}') else {
        return false;
    };
    let Some(head) = body.trim_end().strip_suffix("[native code]") else {
        return false;
    };
    head.trim_end().ends_with('{')
}

/// Tries the wrappings; the complaint of the first is the one worth telling.
pub fn analyse_parsed(source: &str) -> Result<Analysis, Refusal> {
    let mut refusal = None;
    for wrapping in &WRAPPINGS {
        match attempt(source, wrapping) {
            Ok(analysis) => return Ok(analysis),
            Err(reason) => refusal.get_or_insert(reason),
        };
    }
    Err(refusal.unwrap_or(Refusal::NotAFunction))
}

fn attempt(source: &str, wrapping: &Wrapping) -> Result<Analysis, Refusal> {
    let declared = if wrapping.inside.is_empty() {
        String::new()
    } else {
        private_names(source)
    };
    let before = [wrapping.before, &declared, wrapping.inside].concat();
    let text = [&before, source, wrapping.after].concat();
    let allocator = Allocator::default();
    let kind = if wrapping.module {
        SourceType::mjs()
    } else {
        SourceType::script()
    };
    let options = ParseOptions {
        preserve_parens: false,
        ..ParseOptions::default()
    };
    let parsed = Parser::new(&allocator, &text, kind)
        .with_options(options)
        .parse();
    if let Some(error) = parsed.diagnostics.errors().next() {
        return Err(Refusal::Syntax(error.message.to_string()));
    }
    let built = SemanticBuilder::new()
        .with_build_nodes(true)
        .with_check_syntax_error(true)
        .build(allocator.alloc(parsed.program));
    if let Some(error) = built.diagnostics.errors().next() {
        return Err(Refusal::Syntax(error.message.to_string()));
    }
    let prefix = before.len() as u32;
    let end = prefix + source.len() as u32;
    describe(
        &built.semantic,
        &Offsets::new(source, prefix),
        prefix,
        end,
        wrapping.sloppy,
    )
}

/// Declarations of everything in the source that looks like a private name; one too many does no harm.
fn private_names(source: &str) -> String {
    let names: BTreeSet<&str> = source
        .split('#')
        .skip(1)
        .map(|rest| {
            &rest[..rest
                .find(|it: char| !is_name_part(it))
                .unwrap_or(rest.len())]
        })
        .filter(|name| {
            name.chars()
                .next()
                .is_some_and(|first| !first.is_ascii_digit())
        })
        .collect();
    names.iter().map(|name| format!("#{name};")).collect()
}

fn is_name_part(it: char) -> bool {
    it == '_' || it == '$' || it.is_alphanumeric()
}

fn describe(
    semantic: &Semantic,
    offsets: &Offsets,
    start: u32,
    end: u32,
    sloppy: bool,
) -> Result<Analysis, Refusal> {
    let outer = Outer::find(semantic, start, end).ok_or(Refusal::NotAFunction)?;
    Ok(Analysis {
        form: outer.form,
        is_async: outer.is_async(),
        is_generator: outer.is_generator(),
        is_lowered_async: lowered::is_lowered_async(&outer, semantic),
        params: outer.params(),
        sloppy,
        free: free::free_variables(semantic, offsets),
        imports: ties::imports(semantic, offsets),
        ties: ties::ties(&outer, semantic, offsets),
    })
}
