//! The shape of one reference: what the code around a name does with it.

use oxc_ast::AstKind;
use oxc_ast::ast::{Argument, CallExpression, Expression, UpdateOperator};
use oxc_semantic::{NodeId, Semantic};
use oxc_span::GetSpan;

use crate::lowered::is_awaiter_call;

/// How a name is used at one place.
pub enum Shape {
    /// Anything not below.
    Value,
    /// `x.member`, read.
    Member(String),
    /// `x(function, "literal")`
    Naming,
    /// `x().s[0]++`; true where it counts a function (`f`), as every instrumented function does first.
    Counter(bool),
    /// `x(this, arguments, Promise, function* () {…})`
    Awaiter,
}

/// `arguments`, as an expression.
pub fn passes_arguments(expression: &Expression) -> bool {
    expression.is_specific_id("arguments")
}

/// Looks at the nodes around the reference `id`.
pub fn shape_of(semantic: &Semantic, id: NodeId) -> Shape {
    let nodes = semantic.nodes();
    let span = nodes.kind(id).span();
    let parent = nodes.parent_node(id);
    match parent.kind() {
        AstKind::CallExpression(call) if call.callee.span() == span => {
            if names_a_function(call, parent.id(), semantic) {
                Shape::Naming
            } else if is_awaiter_call(call) {
                Shape::Awaiter
            } else if call.arguments.is_empty() {
                counter(semantic, parent.id()).map_or(Shape::Value, Shape::Counter)
            } else {
                Shape::Value
            }
        }
        AstKind::StaticMemberExpression(member) if member.object.span() == span => {
            if is_target(semantic, parent.id()) {
                Shape::Value
            } else {
                Shape::Member(member.property.name.to_string())
            }
        }
        _ => Shape::Value,
    }
}

/// The literal in `x('…')` and `x.resolve('…')`.
pub fn literal_argument(semantic: &Semantic, id: NodeId) -> Option<String> {
    let nodes = semantic.nodes();
    let mut callee = nodes.get_node(id);
    if let AstKind::StaticMemberExpression(member) = nodes.parent_kind(id)
        && member.property.name == "resolve"
    {
        callee = nodes.parent_node(id);
    }
    match nodes.parent_kind(callee.id()) {
        AstKind::CallExpression(call) if call.callee.span() == callee.kind().span() => call
            .arguments
            .first()
            .and_then(Argument::as_expression)
            .and_then(literal),
        _ => None,
    }
}

/// The text of a string literal, or of a template without substitutions.
pub fn literal(expression: &Expression) -> Option<String> {
    match expression {
        Expression::StringLiteral(it) => Some(it.value.to_string()),
        Expression::TemplateLiteral(it) => it.single_quasi().map(|text| text.to_string()),
        _ => None,
    }
}

fn names_a_function(call: &CallExpression, id: NodeId, semantic: &Semantic) -> bool {
    let [first, Argument::StringLiteral(_)] = call.arguments.as_slice() else {
        return false;
    };
    match first {
        Argument::FunctionExpression(_)
        | Argument::ArrowFunctionExpression(_)
        | Argument::ClassExpression(_) => true,
        Argument::Identifier(id) => id.reference_id.get().is_some_and(|reference| {
            let symbol = semantic.scoping().get_reference(reference).symbol_id();
            symbol.is_some_and(|it| declares_a_function(semantic.symbol_declaration(it).kind()))
        }),
        // `static { x(this, "A") }`
        Argument::ThisExpression(_) => {
            let mut around = semantic.nodes().ancestor_kinds(id);
            matches!(around.next(), Some(AstKind::ExpressionStatement(_)))
                && matches!(around.next(), Some(AstKind::StaticBlock(_)))
        }
        _ => false,
    }
}

fn declares_a_function(declaration: AstKind) -> bool {
    match declaration {
        AstKind::Function(_) | AstKind::Class(_) => true,
        AstKind::VariableDeclarator(it) => it.init.as_ref().is_some_and(|init| {
            init.is_function() || matches!(init, Expression::ClassExpression(_))
        }),
        _ => false,
    }
}

/// Follows `call()` outwards through `.s[0]`, `.f[0]`, `.b[0][0]` to `++`.
fn counter(semantic: &Semantic, call: NodeId) -> Option<bool> {
    let nodes = semantic.nodes();
    let AstKind::StaticMemberExpression(member) = nodes.parent_kind(call) else {
        return None;
    };
    let indices = match member.property.name.as_str() {
        "s" | "f" => 1,
        "b" => 2,
        _ => return None,
    };
    let mut at = nodes.parent_node(call).id();
    for _ in 0..indices {
        let AstKind::ComputedMemberExpression(index) = nodes.parent_kind(at) else {
            return None;
        };
        if !index.expression.is_number() {
            return None;
        }
        at = nodes.parent_node(at).id();
    }
    match nodes.parent_kind(at) {
        AstKind::UpdateExpression(it) if it.operator == UpdateOperator::Increment => {
            Some(member.property.name == "f")
        }
        _ => None,
    }
}

/// Is the member expression assigned to, incremented or deleted?
fn is_target(semantic: &Semantic, member: NodeId) -> bool {
    let span = semantic.nodes().kind(member).span();
    match semantic.nodes().parent_kind(member) {
        AstKind::AssignmentExpression(it) => it.left.span() == span,
        AstKind::UpdateExpression(_)
        | AstKind::AssignmentTargetWithDefault(_)
        | AstKind::ArrayAssignmentTarget(_)
        | AstKind::AssignmentTargetPropertyProperty(_)
        | AstKind::AssignmentTargetRest(_) => true,
        AstKind::ForInStatement(it) => it.left.span() == span,
        AstKind::ForOfStatement(it) => it.left.span() == span,
        AstKind::UnaryExpression(it) => it.operator.is_delete(),
        _ => false,
    }
}
