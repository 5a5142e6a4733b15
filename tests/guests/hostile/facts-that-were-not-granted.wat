;; expect: fault facts
;; says: `held`
(import "admit:policy/facts@0.1.0" "lookup" (func $lookup (param i32 i32 i32 i32 i32)))
(data (i32.const 0) "held")
(func (export "evaluate") (result i32)
    (call $lookup (i32.const 0) (i32.const 4) (i32.const 0) (i32.const 0) (i32.const 2048))
    (i32.const 1024))
