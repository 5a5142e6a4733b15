;; expect: fault answer
;; says: not a JSON pointer
(import "admit:policy/callout@0.1.0" "field" (func $field (param i32 i32 i32)))
(data (i32.const 0) "stage")
(func (export "evaluate") (result i32)
    (call $field (i32.const 0) (i32.const 5) (i32.const 2048))
    (i32.const 1024))
