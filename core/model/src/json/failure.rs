//! What is wrong with a document, and where.

use super::scan::Syntax;

/// In which way a document cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    /// It is not JSON.
    Syntax,
    /// It is deeper or wider than is read.
    Limit,
    /// A value has the wrong JSON type.
    Type,
    /// A member stands twice.
    Repeated,
}

/// What is wrong with a document, and where.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) problem: Problem,
    pub(crate) detail: String,
    /// The byte, for what is not JSON.
    byte: usize,
    /// The way to the value, innermost first.
    path: Vec<String>,
}

/// A failure is rare, so that it is large does not matter, and moving results around does.
pub(crate) type Result<T> = std::result::Result<T, Box<Failure>>;

impl Failure {
    pub(super) fn new(problem: Problem, detail: impl Into<String>) -> Box<Self> {
        Box::new(Self {
            problem,
            detail: detail.into(),
            byte: 0,
            path: Vec::new(),
        })
    }

    /// The same failure, seen from the object or list around it.
    #[cold]
    pub(crate) fn inside(mut self: Box<Self>, segment: impl Into<String>) -> Box<Self> {
        self.path.push(segment.into());
        self
    }

    /// Line and column for what is not JSON, otherwise a JSON pointer.
    pub(crate) fn place(&self, text: &str) -> String {
        if self.problem == Problem::Syntax {
            let before = text.get(..text.floor_char_boundary(self.byte));
            let before = before.unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            let start = before.rfind('\n').map_or(0, |newline| newline + 1);
            let column = before.get(start..).unwrap_or_default().chars().count() + 1;
            return format!("line {line} column {column}");
        }
        if self.path.is_empty() {
            return "/".into();
        }
        let mut pointer = String::new();
        for segment in self.path.iter().rev() {
            pointer.push('/');
            pointer.push_str(&segment.replace('~', "~0").replace('/', "~1"));
        }
        pointer
    }
}

impl From<Box<Syntax>> for Box<Failure> {
    #[cold]
    fn from(syntax: Box<Syntax>) -> Self {
        let mut failure = Failure::new(Problem::Syntax, format!("not JSON: {}", syntax.problem));
        failure.byte = syntax.at;
        failure
    }
}
