//! Parsing: a function's source alone is not a program, so it is tried in wrappings that make it one.

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
    after: &'static str,
    module: bool,
    sloppy: bool,
}

/// In the order of trying. The newline before what closes it ends a trailing comment.
const WRAPPINGS: [Wrapping; 7] = [
    Wrapping {
        before: "'use strict';(",
        after: "\n)",
        module: false,
        sloppy: false,
    },
    Wrapping {
        before: "(",
        after: "\n)",
        module: false,
        sloppy: true,
    },
    // Where `super` and `new.target` of an enclosing method are no syntax errors, so that they can be named.
    Wrapping {
        before: "'use strict';({m(){(",
        after: "\n)}})",
        module: false,
        sloppy: false,
    },
    // The same for `import.meta`.
    Wrapping {
        before: "({m(){(",
        after: "\n)}})",
        module: true,
        sloppy: false,
    },
    Wrapping {
        before: "'use strict';({",
        after: "\n})",
        module: false,
        sloppy: false,
    },
    Wrapping {
        before: "({",
        after: "\n})",
        module: false,
        sloppy: true,
    },
    // Methods with private names and constructors' neighbours.
    Wrapping {
        before: "(class extends Object{",
        after: "\n})",
        module: false,
        sloppy: false,
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
    let text = [wrapping.before, source, wrapping.after].concat();
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
    let prefix = wrapping.before.len() as u32;
    let end = prefix + source.len() as u32;
    describe(
        &built.semantic,
        &Offsets::new(source, prefix),
        prefix,
        end,
        wrapping.sloppy,
    )
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
