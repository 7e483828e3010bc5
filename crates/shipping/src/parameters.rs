//! A correction to the scope analysis: parameters and body share one scope there, so a default such as
//! `(a = x) => { const x = 1 }` is resolved to the body's `x`, which it cannot see.

use oxc_ast::AstKind;
use oxc_semantic::{ReferenceId, ScopeId, Semantic, SymbolId};
use oxc_span::{GetSpan, Span};

/// References from parameters that only a declaration in the body of the same function answers: they are free.
pub fn seen_through(semantic: &Semantic) -> Vec<(String, ReferenceId)> {
    let scoping = semantic.scoping();
    let mut found = Vec::new();
    for symbol in scoping.symbol_ids() {
        let home = scoping.symbol_scope_id(symbol);
        for &id in scoping.get_resolved_reference_ids(symbol) {
            let span = semantic
                .nodes()
                .kind(scoping.get_reference(id).node_id())
                .span();
            if is_hidden(semantic, symbol, home, span)
                && !is_declared_outside(semantic, symbol, home, span)
            {
                found.push((scoping.symbol_name(symbol).to_owned(), id));
            }
        }
    }
    found
}

/// Does `mention` stand in the parameters of the very function whose body declares `symbol`?
fn is_hidden(semantic: &Semantic, symbol: SymbolId, scope: ScopeId, mention: Span) -> bool {
    let scoping = semantic.scoping();
    let (params, body) = match semantic.nodes().kind(scoping.get_node_id(scope)) {
        AstKind::Function(it) => (it.params.span, it.body.as_ref().map(|body| body.span)),
        AstKind::ArrowFunctionExpression(it) => (it.params.span, Some(it.body.span())),
        _ => return false,
    };
    params.contains_inclusive(mention)
        && body.is_some_and(|it| it.contains_inclusive(scoping.symbol_span(symbol)))
}

fn is_declared_outside(
    semantic: &Semantic,
    symbol: SymbolId,
    home: ScopeId,
    mention: Span,
) -> bool {
    let scoping = semantic.scoping();
    scoping.scope_ancestors(home).skip(1).any(|scope| {
        scoping
            .get_binding(scope, scoping.symbol_ident(symbol))
            .is_some_and(|outer| !is_hidden(semantic, outer, scope, mention))
    })
}
