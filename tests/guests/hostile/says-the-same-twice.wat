;; expect: fault answer
;; says: a second verdict
(import "admit:policy/verdict@0.1.0" "approve" (func $approve (param i32 i32 i32 i32)))
(data (i32.const 0) "code")
(func (export "evaluate") (result i32)
    (call $approve (i32.const 0) (i32.const 4) (i32.const 0) (i32.const 0))
    (call $approve (i32.const 0) (i32.const 4) (i32.const 0) (i32.const 0))
    (i32.const 1024))
