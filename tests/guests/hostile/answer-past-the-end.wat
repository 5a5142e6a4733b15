;; expect: fault answer
;; says: index 0 of /answers, which has 0
(import "admit:policy/answers@0.1.0" "value" (func $value (param i32 i32)))
(func (export "evaluate") (result i32)
    (call $value (i32.const 0) (i32.const 2048))
    (i32.const 1024))
