//! The function whose source this is, found in the wrapped program.

use oxc_ast::AstKind;
use oxc_ast::ast::{
    ArrowFunctionBody, ArrowFunctionExpression, Expression, FormalParameters, Function,
    FunctionBody, MethodDefinitionKind, PropertyKind,
};
use oxc_semantic::{NodeId, Semantic};
use oxc_span::GetSpan;

use crate::Form;

/// The node itself.
#[derive(Clone, Copy)]
pub enum Node<'a> {
    /// An arrow function.
    Arrow(&'a ArrowFunctionExpression<'a>),
    /// Any other function, methods included.
    Function(&'a Function<'a>),
    /// A class, of which nothing more is asked.
    Class,
}

/// The outermost function.
pub struct Outer<'a> {
    /// Its id among all nodes.
    pub id: NodeId,
    /// Its node.
    pub node: Node<'a>,
    /// How it was written.
    pub form: Form,
}

impl<'a> Outer<'a> {
    /// The function that spans the source exactly, from `start` to `end`; none if the text is something else.
    pub fn find(semantic: &Semantic<'a>, start: u32, end: u32) -> Option<Self> {
        semantic.nodes().iter().find_map(|node| {
            let span = node.kind().span();
            if span.start != start || span.end != end {
                return None;
            }
            match node.kind() {
                AstKind::ArrowFunctionExpression(it) => Some(Self {
                    id: node.id(),
                    node: Node::Arrow(it),
                    form: Form::Arrow,
                }),
                AstKind::Function(it) => Some(Self::of_function(it, Form::Function)),
                AstKind::Class(_) => Some(Self {
                    id: node.id(),
                    node: Node::Class,
                    form: Form::Class,
                }),
                AstKind::ObjectProperty(it) => match &it.value {
                    Expression::FunctionExpression(function) => match it.kind {
                        PropertyKind::Get => Some(Self::of_function(function, Form::Getter)),
                        PropertyKind::Set => Some(Self::of_function(function, Form::Setter)),
                        PropertyKind::Init if it.method => {
                            Some(Self::of_function(function, Form::Method))
                        }
                        PropertyKind::Init => None,
                    },
                    _ => None,
                },
                AstKind::MethodDefinition(it) => Some(match it.kind {
                    MethodDefinitionKind::Get => Self::of_function(&it.value, Form::Getter),
                    MethodDefinitionKind::Set => Self::of_function(&it.value, Form::Setter),
                    _ => Self::of_function(&it.value, Form::Method),
                }),
                _ => None,
            }
        })
    }

    fn of_function(function: &'a Function<'a>, form: Form) -> Self {
        Self {
            id: function.node_id.get(),
            node: Node::Function(function),
            form,
        }
    }

    /// `async`
    pub fn is_async(&self) -> bool {
        match self.node {
            Node::Arrow(it) => it.r#async,
            Node::Function(it) => it.r#async,
            Node::Class => false,
        }
    }

    /// `function*`
    pub fn is_generator(&self) -> bool {
        matches!(self.node, Node::Function(it) if it.generator)
    }

    /// Declared parameters without a rest parameter.
    pub fn params(&self) -> u32 {
        self.parameters().map_or(0, |it| it.items.len() as u32)
    }

    /// The parameter list.
    pub fn parameters(&self) -> Option<&'a FormalParameters<'a>> {
        match self.node {
            Node::Arrow(it) => Some(&it.params),
            Node::Function(it) => Some(&it.params),
            Node::Class => None,
        }
    }

    /// The body in braces.
    pub fn block(&self) -> Option<&'a FunctionBody<'a>> {
        match self.node {
            Node::Arrow(it) => match &it.body {
                ArrowFunctionBody::FunctionBody(body) => Some(body),
                _ => None,
            },
            Node::Function(it) => it.body.as_deref(),
            Node::Class => None,
        }
    }

    /// The body of an arrow function without braces.
    pub fn concise(&self) -> Option<&'a Expression<'a>> {
        match self.node {
            Node::Arrow(it) => it.body.as_expression(),
            _ => None,
        }
    }
}
