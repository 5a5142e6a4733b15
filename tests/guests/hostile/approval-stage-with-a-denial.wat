;; expect: fault answer
;; says: an approval stage together with deny
(import "admit:policy/verdict@0.1.0" "deny" (func $deny (param i32 i32 i32 i32)))
(import "admit:policy/approval-stage@0.1.0" "deny-after" (func $after (param i32)))
(data (i32.const 0) "code")
(func (export "evaluate") (result i32)
    (call $deny (i32.const 0) (i32.const 4) (i32.const 0) (i32.const 0))
    (call $after (i32.const 60))
    (i32.const 1024))
