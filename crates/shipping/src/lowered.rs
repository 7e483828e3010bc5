//! Async functions that compilers have turned into generators run by a helper, recognised by structure.
//!
//! | written by | what it leaves |
//! |---|---|
//! | TypeScript | `return __awaiter(this, void 0, void 0, function* () {…})` |
//! | esbuild | `return __async(this, null, function* () {…})` |
//! | babel, swc, in place | `return _asyncToGenerator(function* () {…})()`, or `.apply(this, arguments)` |
//! | babel, swc, beside it | `return _ref.apply(this, arguments)` |

use oxc_ast::ast::{Argument, CallExpression, Expression, FunctionBody, Statement};
use oxc_semantic::Semantic;

use crate::outer::Outer;
use crate::shapes::passes_arguments;

/// Does the function return what such a helper returns?
pub fn is_lowered_async(outer: &Outer, semantic: &Semantic) -> bool {
    let returned = outer
        .concise()
        .or_else(|| outer.block().and_then(returned_last));
    let Some(Expression::CallExpression(call)) = returned.map(last_of_sequence) else {
        return false;
    };
    is_awaiter_call(call) || is_wrapped_call(call) || forwards_to_sibling(outer, call, semantic)
}

/// `x(this, arguments, Promise, function* () {…})`, with three arguments or four.
pub fn is_awaiter_call(call: &CallExpression) -> bool {
    let (Some(this), Some(passed), Some(last)) = (
        argument(call, 0),
        argument(call, 1),
        call.arguments.last().and_then(Argument::as_expression),
    ) else {
        return false;
    };
    let promise = match call.arguments.len() {
        3 => true,
        4 => argument(call, 2).is_some_and(|it| is_nothing(it) || it.is_identifier_reference()),
        _ => false,
    };
    promise
        && (matches!(this, Expression::ThisExpression(_)) || is_nothing(this))
        && (is_nothing(passed)
            || passes_arguments(passed)
            || matches!(passed, Expression::ArrayExpression(_)))
        && (is_generator(last) || (call.arguments.len() == 4 && returns_state_machine(last)))
}

/// `x(function* () {…})()`, also with `.apply(this, arguments)` or `.call(this)`.
pub fn is_wrapped_call(call: &CallExpression) -> bool {
    let wrapped = match &call.callee {
        Expression::CallExpression(inner) => inner,
        Expression::StaticMemberExpression(member)
            if matches!(member.property.name.as_str(), "apply" | "call") =>
        {
            match &member.object {
                Expression::CallExpression(inner) => inner,
                _ => return false,
            }
        }
        _ => return false,
    };
    wrapped.arguments.len() == 1 && argument(wrapped, 0).is_some_and(is_generator)
}

/// `function f(_x) { return _f.apply(this, arguments) }`, the async function standing beside this one. A hand-written
/// forwarder looks alike; what tells them apart is that the parameters are declared, only to be counted, and not used.
fn forwards_to_sibling(outer: &Outer, call: &CallExpression, semantic: &Semantic) -> bool {
    let Expression::StaticMemberExpression(member) = &call.callee else {
        return false;
    };
    let Expression::Identifier(target) = &member.object else {
        return false;
    };
    let forwards = member.property.name == "apply"
        && call.arguments.len() == 2
        && matches!(argument(call, 0), Some(Expression::ThisExpression(_)))
        && argument(call, 1).is_some_and(passes_arguments)
        && outer.block().is_some_and(|body| body.statements.len() == 1);
    if !forwards || !semantic.is_reference_to_global_variable(target) {
        return false;
    }
    let generated_name = target.name.starts_with('_');
    let unused = outer.parameters().is_some_and(|params| {
        !params.items.is_empty()
            && params.rest.is_none()
            && params.items.iter().all(|param| {
                param.initializer.is_none()
                    && param.pattern.get_binding_identifier().is_some_and(|id| {
                        id.symbol_id
                            .get()
                            .is_some_and(|symbol| semantic.scoping().symbol_is_unused(symbol))
                    })
            })
    });
    generated_name || unused
}

/// What the body returns at its end, if only declarations and expressions go before.
fn returned_last<'a>(body: &'a FunctionBody<'a>) -> Option<&'a Expression<'a>> {
    let (last, before) = body.statements.split_last()?;
    let plain = before.iter().all(|it| {
        matches!(
            it,
            Statement::VariableDeclaration(_)
                | Statement::FunctionDeclaration(_)
                | Statement::ExpressionStatement(_)
        )
    });
    match last {
        Statement::ReturnStatement(it) if plain => it.argument.as_ref(),
        _ => None,
    }
}

/// Counters and minifiers put expressions before the one that matters.
fn last_of_sequence<'a>(expression: &'a Expression<'a>) -> &'a Expression<'a> {
    match expression {
        Expression::SequenceExpression(it) => it.expressions.last().unwrap_or(expression),
        _ => expression,
    }
}

/// `function () { return __generator(this, function (_a) {…}) }`: where generators are lowered too.
fn returns_state_machine(expression: &Expression) -> bool {
    let Expression::FunctionExpression(function) = expression else {
        return false;
    };
    let returned = function.body.as_deref().and_then(|it| returned_last(it));
    let Some(Expression::CallExpression(call)) = returned else {
        return false;
    };
    call.arguments.len() == 2
        && matches!(argument(call, 0), Some(Expression::ThisExpression(_)))
        && matches!(argument(call, 1), Some(Expression::FunctionExpression(_)))
}

fn argument<'a>(call: &'a CallExpression<'a>, index: usize) -> Option<&'a Expression<'a>> {
    call.arguments.get(index).and_then(Argument::as_expression)
}

fn is_generator(expression: &Expression) -> bool {
    matches!(expression, Expression::FunctionExpression(it) if it.generator && !it.r#async)
}

fn is_nothing(expression: &Expression) -> bool {
    expression.is_null() || expression.is_void_0()
}
