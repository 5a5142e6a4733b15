//! What stands in for WASI, which a policy does not have.
//!
//! The libraries of C, C++ and Rust import it even where a policy never gets to it. The stub imports
//! nothing but the module's own memory, and so can give nothing.

use wasm_encoder::{
    CodeSection, EntityType, ExportKind, ExportSection, FunctionSection, ImportSection,
    Instruction, MemArg, MemoryType, Module, TypeSection, ValType,
};

/// The module that functions of WASI are imported from.
pub(crate) const MODULE: &str = "wasi_snapshot_preview1";

/// `ENOSYS`: there is no such function.
const NOT_THERE: i32 = 52;

/// `EBADF`: there is no such file. For libraries the end of the list of open directories.
const NO_SUCH_FILE: i32 = 8;

/// The memory of the module that imports.
const MEMORY: MemoryType = MemoryType {
    minimum: 0,
    maximum: None,
    memory64: false,
    shared: false,
    page_size_log2: None,
};

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

/// Where a pointer points.
const AT: MemArg = MemArg {
    offset: 0,
    align: 2,
    memory_index: 0,
};

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
            params: function
                .params()
                .iter()
                .map(number)
                .collect::<Option<_>>()?,
            results: function
                .results()
                .iter()
                .map(number)
                .collect::<Option<_>>()?,
        })
    }

    /// What it does.
    fn body(&self) -> Vec<Instruction<'static>> {
        match (self.name.as_str(), &self.params[..], &self.results[..]) {
            (name, _, [ValType::I32]) if TRAPS.contains(&name) => vec![Instruction::Unreachable],
            // Libraries end the program rather than go on without an answer: there are none.
            (
                "environ_sizes_get" | "args_sizes_get",
                [ValType::I32, ValType::I32],
                [ValType::I32],
            ) => vec![
                Instruction::LocalGet(0),
                Instruction::I32Const(0),
                Instruction::I32Store(AT),
                Instruction::LocalGet(1),
                Instruction::I32Const(0),
                Instruction::I32Store(AT),
                Instruction::I32Const(0),
            ],
            ("fd_prestat_get", _, [ValType::I32]) => vec![Instruction::I32Const(NO_SUCH_FILE)],
            (_, _, [ValType::I32]) => vec![Instruction::I32Const(NOT_THERE)],
            _ => vec![Instruction::Unreachable],
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
    let mut imports = ImportSection::new();
    imports.import("env", "memory", EntityType::Memory(MEMORY));
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
        for instruction in function.body() {
            body.instruction(&instruction);
        }
        body.instruction(&Instruction::End);
        bodies.function(&body);
    }
    let mut module = Module::new();
    module
        .section(&types)
        .section(&imports)
        .section(&declared)
        .section(&exports)
        .section(&bodies);
    Some(module.finish())
}
