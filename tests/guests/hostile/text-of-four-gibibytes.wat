;; expect: fault trap
(import "admit:policy/verdict@0.1.0" "deny" (func $deny (param i32 i32 i32 i32)))
(data (i32.const 0) "code")
(func (export "evaluate") (result i32)
    (call $deny (i32.const 0) (i32.const 4) (i32.const 8) (i32.const 0xffffffff))
    (i32.const 1024))
