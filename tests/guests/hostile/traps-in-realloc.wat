;; expect: fault trap
;; says: unreachable
(import "admit:policy/callout@0.1.0" "stage" (func $stage (param i32)))
(func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (unreachable))
(func (export "evaluate") (result i32) (call $stage (i32.const 2048)) (i32.const 1024))
