;; expect: fault trap
;; says: utf-8
(import "admit:policy/verdict@0.1.0" "deny" (func $deny (param i32 i32 i32 i32)))
(data (i32.const 0) "code")
(data (i32.const 8) "\ff\fe")
(func (export "evaluate") (result i32)
    (call $deny (i32.const 0) (i32.const 4) (i32.const 8) (i32.const 2))
    (i32.const 1024))
