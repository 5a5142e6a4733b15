;; expect: fault answer
;; says: singleUser with the id ``, which is not a GUID
;; callout: 07-determining-approval.flat.json
(import "admit:policy/approval-stage@0.1.0" "add-user" (func $user (param i32 i32 i32 i32 i32)))
(func (export "evaluate") (result i32)
    (call $user (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))
    (i32.const 1024))
