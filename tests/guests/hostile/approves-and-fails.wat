;; expect: fault refused
;; says: no idea
(import "admit:policy/verdict@0.1.0" "approve" (func $approve (param i32 i32 i32 i32)))
(data (i32.const 0) "code")
(data (i32.const 16) "no idea")
(func (export "evaluate") (result i32)
    (call $approve (i32.const 0) (i32.const 4) (i32.const 0) (i32.const 0))
    (i32.store8 (i32.const 1024) (i32.const 1))
    (i32.store (i32.const 1028) (i32.const 16))
    (i32.store (i32.const 1032) (i32.const 7))
    (i32.const 1024))
