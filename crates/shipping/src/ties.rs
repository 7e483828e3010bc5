//! What ties a function to the place where it was written: `this`, `super`, `import.meta` and the like, and imports.

use oxc_ast::AstKind;
use oxc_ast::ast::{Argument, CallExpression, Expression, Function};
use oxc_semantic::{AstNode, NodeId, Semantic};
use oxc_span::{GetSpan, Span};

use crate::lowered::{is_awaiter_call, is_wrapped_call};
use crate::offsets::Offsets;
use crate::outer::{Node, Outer};
use crate::shapes::literal;
use crate::{Import, Tie, TieKind};

/// Every `import(…)` in source order.
pub fn imports(semantic: &Semantic, offsets: &Offsets) -> Vec<Import> {
    let mut found: Vec<Import> = semantic
        .nodes()
        .iter()
        .filter_map(|node| match node.kind() {
            AstKind::ImportExpression(it) => Some(Import {
                start: offsets.utf16(it.span.start),
                literal: literal(&it.source),
            }),
            _ => None,
        })
        .collect();
    found.sort_by_key(|it| it.start);
    found
}

/// Every tie in source order.
pub fn ties(outer: &Outer, semantic: &Semantic, offsets: &Offsets) -> Vec<Tie> {
    let arrow = matches!(outer.node, Node::Arrow(_));
    let mut found: Vec<Tie> = semantic
        .nodes()
        .iter()
        .filter(|node| inside(outer, semantic, node.id()))
        .filter_map(|node| {
            let kind = kind_of(node, semantic)?;
            let tied = match kind {
                TieKind::ImportMeta | TieKind::DirectEval => true,
                TieKind::NewTarget | TieKind::Arguments => {
                    arrow && reaches(outer, semantic, node, false)
                }
                TieKind::PrivateName => !is_declared_inside(outer, semantic, node),
                TieKind::Super => reaches(outer, semantic, node, false),
                TieKind::This => {
                    !is_passed_on(semantic, node) && reaches(outer, semantic, node, true)
                }
            };
            tied.then(|| Tie {
                kind,
                start: offsets.utf16(node.kind().span().start),
            })
        })
        .collect();
    found.sort_by_key(|it| it.start);
    found
}

fn kind_of(node: &AstNode, semantic: &Semantic) -> Option<TieKind> {
    match node.kind() {
        AstKind::ThisExpression(_) => Some(TieKind::This),
        AstKind::Super(_) => Some(TieKind::Super),
        AstKind::ImportMeta(_) => Some(TieKind::ImportMeta),
        AstKind::PrivateIdentifier(_) => Some(TieKind::PrivateName),
        AstKind::NewTarget(_) => Some(TieKind::NewTarget),
        AstKind::IdentifierReference(it) if it.name == "arguments" => semantic
            .is_reference_to_global_variable(it)
            .then_some(TieKind::Arguments),
        AstKind::CallExpression(it) => match &it.callee {
            Expression::Identifier(id) if id.name == "eval" => Some(TieKind::DirectEval),
            _ => None,
        },
        _ => None,
    }
}

fn inside(outer: &Outer, semantic: &Semantic, id: NodeId) -> bool {
    semantic
        .nodes()
        .kind(outer.id)
        .span()
        .contains_inclusive(semantic.nodes().kind(id).span())
}

/// Walks outwards to the function that binds `this` (or `super`, `arguments`, `new.target`): is it the outer one?
/// Through the generator of a lowered async function `this` is that of the function around it.
fn reaches(outer: &Outer, semantic: &Semantic, node: &AstNode, through_lowered: bool) -> bool {
    let mut child = node;
    for ancestor in semantic.nodes().ancestors(node.id()) {
        if ancestor.id() == outer.id {
            return true;
        }
        let binds = match ancestor.kind() {
            AstKind::Function(it) => {
                !(through_lowered && is_lowered_body(semantic, ancestor.id(), it))
            }
            AstKind::PropertyDefinition(it) => is_value(it.value.as_ref(), child.kind().span()),
            AstKind::AccessorProperty(it) => is_value(it.value.as_ref(), child.kind().span()),
            AstKind::StaticBlock(_) => true,
            _ => false,
        };
        if binds {
            return false;
        }
        child = ancestor;
    }
    true
}

/// Does a class within the function declare this private name? (A declaration is a mention of itself.)
fn is_declared_inside(outer: &Outer, semantic: &Semantic, node: &AstNode) -> bool {
    let AstKind::PrivateIdentifier(name) = node.kind() else {
        return false;
    };
    semantic
        .nodes()
        .ancestors(node.id())
        .take_while(|ancestor| ancestor.id() != outer.id)
        .any(|ancestor| match ancestor.kind() {
            AstKind::Class(class) => class.body.body.iter().any(|element| {
                element
                    .property_key()
                    .and_then(|key| key.private_name())
                    .is_some_and(|declared| declared == name.name)
            }),
            _ => false,
        })
}

fn is_value(value: Option<&Expression>, child: Span) -> bool {
    value.is_some_and(|it| it.span() == child)
}

/// The generator in `x(this, …, function* () {…})` and in `x(function* () {…}).apply(this, arguments)`.
fn is_lowered_body(semantic: &Semantic, id: NodeId, function: &Function) -> bool {
    let AstKind::CallExpression(call) = semantic.nodes().parent_kind(id) else {
        return false;
    };
    if !function.generator {
        return false;
    }
    if is_awaiter_call(call) {
        return call.arguments.first().is_some_and(is_this);
    }
    semantic.nodes().ancestor_kinds(id).skip(1).take(2).any(
        |it| matches!(it, AstKind::CallExpression(around) if is_wrapped_call(around) && applies_this(around)),
    )
}

/// `this` as the first argument of such a helper is not a use of it.
fn is_passed_on(semantic: &Semantic, node: &AstNode) -> bool {
    let AstKind::CallExpression(call) = semantic.nodes().parent_kind(node.id()) else {
        return false;
    };
    let first = call
        .arguments
        .first()
        .is_some_and(|it| it.span() == node.kind().span());
    first && (is_awaiter_call(call) || is_wrapped_call(call))
}

fn applies_this(call: &CallExpression) -> bool {
    call.arguments.first().is_some_and(is_this)
}

fn is_this(argument: &Argument) -> bool {
    matches!(argument, Argument::ThisExpression(_))
}
