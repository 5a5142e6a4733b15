;; expect: fault answer
;; says: no time after which
;; callout: 07-determining-approval.flat.json
(import "admit:policy/verdict@0.1.0" "require-approval" (func $require (param i32 i32 i32 i32)))
(import "admit:policy/approval-stage@0.1.0" "add-manager" (func $manager (param i32 i32)))
(data (i32.const 0) "code")
(func (export "evaluate") (result i32)
    (call $require (i32.const 0) (i32.const 4) (i32.const 0) (i32.const 0))
    (call $manager (i32.const 0) (i32.const 1))
    (i32.const 1024))
