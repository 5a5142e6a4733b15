;; Never abstains, can read the whole callout, looks facts up, and has a memory that cannot grow, so
;; that its instances cannot start configured.
(module
    (import "admit:policy/verdict@0.1.0" "approve" (func $approve (param i32 i32 i32 i32)))
    (import "admit:policy/callout@0.1.0" "document" (func $document (param i32)))
    (import "admit:policy/facts@0.1.0" "lookup" (func $lookup (param i32 i32 i32 i32 i32)))
    (memory (export "memory") 1 1)
    (data (i32.const 0) "code")
    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (unreachable))
    (func (export "configure") (result i32) (i32.const 1024))
    (func (export "evaluate") (result i32)
        (call $approve (i32.const 0) (i32.const 4) (i32.const 0) (i32.const 0))
        (i32.const 1024)))
