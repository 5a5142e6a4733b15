;; expect: error policy-load
;; says: from `configure`
(import "admit:policy/verdict@0.1.0" "approve" (func $approve (param i32 i32 i32 i32)))
(data (i32.const 0) "code")
(func (export "configure") (result i32)
    (call $approve (i32.const 0) (i32.const 4) (i32.const 0) (i32.const 0))
    (i32.const 1024))
(func (export "evaluate") (result i32) (i32.const 1024))
