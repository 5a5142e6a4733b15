;; expect: fault effect
;; says: assignmentRequestCreated
(import "admit:policy/verdict@0.1.0" "require-approval" (func $require (param i32 i32 i32 i32)))
(data (i32.const 0) "code")
(func (export "evaluate") (result i32)
    (call $require (i32.const 0) (i32.const 4) (i32.const 0) (i32.const 0))
    (i32.const 1024))
