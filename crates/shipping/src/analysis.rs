//! The answer: plain data, free of the parser's types.

/// How the function was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `(a) => …`
    Arrow,
    /// `function (a) { … }`, generators and async functions included.
    Function,
    /// `class { … }`
    Class,
    /// `name(a) { … }` of an object or a class.
    Method,
    /// `get name() { … }`
    Getter,
    /// `set name(a) { … }`
    Setter,
    /// `function name() { [native code] }`: built in or bound, there is no source to read.
    Native,
}

/// What a name is used for, judged by all its references together and never by the name itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Anything else.
    Value,
    /// Only read as `x.member`.
    Members,
    /// Only called as `x(function, "literal")`: gives functions their names.
    Naming,
    /// Only used as `x().s[0]++`, `x().f[0]++`, `x().b[0][0]++`: a coverage counter.
    Counter,
    /// Only called as `x(this, arguments, Promise, function* () {…})`: runs a generator as an async function.
    Awaiter,
}

/// One mention of a free variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// First unit.
    pub start: u32,
    /// One past the last unit.
    pub end: u32,
    /// Assigned to (also by `++`, destructuring and `for (x of …)`).
    pub write: bool,
}

/// A name the function takes from the code around it, or a global.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreeVariable {
    /// The name.
    pub name: String,
    /// Every mention, in source order.
    pub references: Vec<Reference>,
    /// What it is used for.
    pub role: Role,
    /// The members read from it, sorted, if it is used in no other way.
    pub members: Vec<String>,
    /// First arguments of `x('…')` and `x.resolve('…')` that are plain literals.
    pub literals: Vec<String>,
}

/// One `import(…)` in the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Where the keyword `import` begins.
    pub start: u32,
    /// What is imported, if it is a plain literal.
    pub literal: Option<String>,
}

/// What binds a function to the place where it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TieKind {
    /// `this` of the function itself.
    This,
    /// `super` of an enclosing method.
    Super,
    /// `new.target` of an enclosing function.
    NewTarget,
    /// `import.meta`
    ImportMeta,
    /// `arguments` of an enclosing function.
    Arguments,
    /// A private name of an enclosing class.
    PrivateName,
    /// `eval(…)`, which sees the scope around it.
    DirectEval,
}

/// A [`TieKind`] and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tie {
    /// What it is.
    pub kind: TieKind,
    /// First unit.
    pub start: u32,
}

/// Everything that [`crate::analyse`] finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Analysis {
    /// How it was written.
    pub form: Form,
    /// `async`
    pub is_async: bool,
    /// `function*`
    pub is_generator: bool,
    /// An async function that a compiler has turned into a plain one.
    pub is_lowered_async: bool,
    /// Declared parameters, a rest parameter not counted.
    pub params: u32,
    /// It is valid only outside strict mode.
    pub sloppy: bool,
    /// Names from outside, by first mention.
    pub free: Vec<FreeVariable>,
    /// Dynamic imports, in source order.
    pub imports: Vec<Import>,
    /// What binds it to its place, in source order.
    pub ties: Vec<Tie>,
}

impl Analysis {
    /// The answer for a function without source.
    pub(crate) fn native() -> Self {
        Self {
            form: Form::Native,
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
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The text does not parse; the parser's message.
    Syntax(String),
    /// It parses, but is not one function.
    NotAFunction,
    /// More than 8 MiB.
    TooLong,
    /// The thread for a long source could not be started, or the parser failed on it.
    Failed,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Syntax(message) => f.write_str(message),
            Self::NotAFunction => f.write_str("its source is not a single function"),
            Self::TooLong => f.write_str("its source is longer than 8 MiB"),
            Self::Failed => f.write_str("its source could not be analysed"),
        }
    }
}

impl std::error::Error for Refusal {}
