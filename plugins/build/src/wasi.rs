//! What stands in for WASI, which a policy does not have.
//!
//! The libraries of C, C++ and Rust import it even where a policy never gets to it. The stub imports
//! nothing and so can give nothing.

use wasm_encoder::{
    CodeSection, ExportKind, ExportSection, FunctionSection, Instruction, Module, TypeSection,
    ValType,
};

/// The module that functions of WASI are imported from.
pub(crate) const MODULE: &str = "wasi_snapshot_preview1";

/// `ENOSYS`: there is no such function.
const NOT_THERE: i32 = 52;

/// `EBADF`: there is no such file. What libraries take for the end of the list of open directories.
const NO_SUCH_FILE: i32 = 8;

/// Functions that trap: an error in place of a time or of random bytes might not be looked at, and a
/// program that ends has not answered.
const TRAPS: [&str; 6] = [
    "clock_res_get",
    "clock_time_get",
    "poll_oneoff",
    "proc_exit",
    "proc_raise",
    "random_get",
];

/// A function of WASI, as a module imports it.
#[derive(PartialEq, Eq)]
pub(crate) struct Function {
    name: String,
    params: Vec<ValType>,
    results: Vec<ValType>,
}

impl Function {
    /// None where the type is none of WASI's.
    pub(crate) fn new(name: &str, function: &wasmparser::FuncType) -> Option<Self> {
        Some(Self {
            name: name.to_owned(),
            params: function.params().iter().map(number).collect::<Option<_>>()?,
            results: function.results().iter().map(number).collect::<Option<_>>()?,
        })
    }

    /// What it does.
    fn body(&self) -> Instruction<'static> {
        match self.name.as_str() {
            name if TRAPS.contains(&name) || self.results != [ValType::I32] => {
                Instruction::Unreachable
            }
            "fd_prestat_get" => Instruction::I32Const(NO_SUCH_FILE),
            _ => Instruction::I32Const(NOT_THERE),
        }
    }
}

fn number(value: &wasmparser::ValType) -> Option<ValType> {
    match value {
        wasmparser::ValType::I32 => Some(ValType::I32),
        wasmparser::ValType::I64 => Some(ValType::I64),
        _ => None,
    }
}

/// A module that exports the functions; none where there are none.
pub(crate) fn stub(functions: &[Function]) -> Option<Vec<u8>> {
    if functions.is_empty() {
        return None;
    }
    let mut types = TypeSection::new();
    let mut declared = FunctionSection::new();
    let mut exports = ExportSection::new();
    let mut bodies = CodeSection::new();
    for (index, function) in (0..).zip(functions) {
        let Function {
            name,
            params,
            results,
        } = function;
        (types.ty()).function(params.iter().copied(), results.iter().copied());
        declared.function(index);
        exports.export(name, ExportKind::Func, index);
        let mut body = wasm_encoder::Function::new([]);
        body.instruction(&function.body());
        body.instruction(&Instruction::End);
        bodies.function(&body);
    }
    let mut module = Module::new();
    module
        .section(&types)
        .section(&declared)
        .section(&exports)
        .section(&bodies);
    Some(module.finish())
}
