//! Failures with a stable code, which reaches JavaScript as `error.code`.

use napi::{Error, Status};

/// What the binding can refuse.
#[derive(Clone, Copy, Debug)]
pub enum Code {
    /// A value of the wrong kind: a bug of the facade, never of its user.
    Argument,
    /// The pool is closed.
    Closed,
    /// The pool's waiting room is full.
    QueueFull,
    /// A call nested too deep.
    TooDeep,
    /// A payload over the cap.
    TooLarge,
    /// Memory that a call works on is not what it was.
    Changed,
    /// The system has no memory left for native work.
    NoMemory,
    /// Anything that Node-API itself refused.
    Napi(Status),
}

impl AsRef<str> for Code {
    fn as_ref(&self) -> &str {
        match self {
            Code::Argument => "ERR_INTERNAL",
            Code::Closed => "ERR_CLOSED",
            Code::QueueFull => "ERR_QUEUE_FULL",
            Code::TooDeep => "ERR_TASK",
            Code::TooLarge => "ERR_PAYLOAD_TOO_LARGE",
            Code::Changed => "ERR_OPTION",
            Code::NoMemory => "ERR_OUT_OF_MEMORY",
            Code::Napi(status) => status.as_ref(),
        }
    }
}

impl From<Status> for Code {
    fn from(status: Status) -> Self {
        Code::Napi(status)
    }
}

/// The result of every export.
pub type Result<T> = std::result::Result<T, Error<Code>>;

/// An error of ours.
pub fn refuse<T>(code: Code, reason: impl Into<String>) -> Result<T> {
    Err(Error::new(code, reason.into()))
}

/// An error of Node-API's, with its status as code.
pub fn from_napi(error: Error) -> Error<Code> {
    Error::new(Code::Napi(error.status), error.reason.clone())
}
