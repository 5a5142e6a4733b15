;; expect: fault trap
;; callout: 07-determining-approval.flat.json
(import "admit:policy/approval-stage@0.1.0" "add-manager" (func $manager (param i32 i32)))
(func (export "evaluate") (result i32)
    (call $manager (i32.const 9) (i32.const 1))
    (i32.const 1024))
