//! Function analysis for the TypeScript side of shipping: plain objects out, no decision here.

use everycore_shipping::{Analysis, Form, FreeVariable, Role, TieKind, analyse};
use napi_derive::napi;

/// One mention of a free variable, in UTF-16 units.
#[napi(object)]
pub struct FunctionReference {
    /// First unit.
    pub start: u32,
    /// One past the last unit.
    pub end: u32,
    /// Assigned to.
    pub write: bool,
}

/// A name that a function takes from outside.
#[napi(object)]
pub struct FunctionVariable {
    /// The name.
    pub name: String,
    /// Every mention, in source order.
    pub references: Vec<FunctionReference>,
    /// What all mentions together use it for.
    #[napi(ts_type = "'value' | 'members' | 'naming' | 'counter' | 'awaiter'")]
    pub role: String,
    /// The members read, if it is used in no other way.
    pub members: Vec<String>,
    /// Plain literals passed to it, or to its `resolve`.
    pub literals: Vec<String>,
}

/// One dynamic import.
#[napi(object)]
pub struct FunctionImport {
    /// Where the keyword begins.
    pub start: u32,
    /// What it imports, if that is a plain literal.
    pub literal: Option<String>,
}

/// What binds a function to its place.
#[napi(object)]
pub struct FunctionTie {
    /// What it is.
    #[napi(
        ts_type = "'this' | 'super' | 'new.target' | 'import.meta' | 'arguments' | 'private name' | 'eval'"
    )]
    pub kind: String,
    /// Where it stands.
    pub start: u32,
}

/// What `analyseFunction` finds in a source, or `refusal`: why it found nothing.
#[napi(object)]
pub struct FunctionAnalysis {
    /// The reason, if there is no analysis; everything else is then empty.
    pub refusal: Option<String>,
    /// How it was written.
    #[napi(ts_type = "'arrow' | 'function' | 'class' | 'method' | 'getter' | 'setter' | 'native'")]
    pub form: String,
    /// `async`
    pub is_async: bool,
    /// `function*`
    pub is_generator: bool,
    /// An async function that a compiler has turned into a plain one.
    pub is_lowered_async: bool,
    /// Declared parameters, without a rest parameter.
    pub params: u32,
    /// Valid only outside strict mode.
    pub sloppy: bool,
    /// Names from outside, by first mention.
    pub free: Vec<FunctionVariable>,
    /// Dynamic imports, in source order.
    pub imports: Vec<FunctionImport>,
    /// Ties, in source order.
    pub ties: Vec<FunctionTie>,
}

/// Analyses what `Function.prototype.toString` gave.
#[napi(catch_unwind)]
pub fn analyse_function(source: String) -> FunctionAnalysis {
    match analyse(&source) {
        Ok(found) => found.into(),
        Err(reason) => refused(reason.to_string()),
    }
}

impl From<Analysis> for FunctionAnalysis {
    fn from(it: Analysis) -> Self {
        Self {
            refusal: None,
            form: form(it.form).into(),
            is_async: it.is_async,
            is_generator: it.is_generator,
            is_lowered_async: it.is_lowered_async,
            params: it.params,
            sloppy: it.sloppy,
            free: it.free.into_iter().map(FunctionVariable::from).collect(),
            imports: it
                .imports
                .into_iter()
                .map(|it| FunctionImport {
                    start: it.start,
                    literal: it.literal,
                })
                .collect(),
            ties: it
                .ties
                .into_iter()
                .map(|it| FunctionTie {
                    kind: tie(it.kind).into(),
                    start: it.start,
                })
                .collect(),
        }
    }
}

impl From<FreeVariable> for FunctionVariable {
    fn from(it: FreeVariable) -> Self {
        let references = it.references.into_iter();
        Self {
            name: it.name,
            references: references
                .map(|it| FunctionReference {
                    start: it.start,
                    end: it.end,
                    write: it.write,
                })
                .collect(),
            role: role(it.role).into(),
            members: it.members,
            literals: it.literals,
        }
    }
}

fn refused(reason: String) -> FunctionAnalysis {
    FunctionAnalysis {
        refusal: Some(reason),
        form: "function".into(),
        is_async: false,
        is_generator: false,
        is_lowered_async: false,
        params: 0,
        sloppy: false,
        free: Vec::new(),
        imports: Vec::new(),
        ties: Vec::new(),
    }
}

fn form(form: Form) -> &'static str {
    match form {
        Form::Arrow => "arrow",
        Form::Function => "function",
        Form::Class => "class",
        Form::Method => "method",
        Form::Getter => "getter",
        Form::Setter => "setter",
        Form::Native => "native",
    }
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Value => "value",
        Role::Members => "members",
        Role::Naming => "naming",
        Role::Counter => "counter",
        Role::Awaiter => "awaiter",
    }
}

fn tie(kind: TieKind) -> &'static str {
    match kind {
        TieKind::This => "this",
        TieKind::Super => "super",
        TieKind::NewTarget => "new.target",
        TieKind::ImportMeta => "import.meta",
        TieKind::Arguments => "arguments",
        TieKind::PrivateName => "private name",
        TieKind::DirectEval => "eval",
    }
}
