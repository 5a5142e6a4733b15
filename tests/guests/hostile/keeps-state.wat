;; expect: verdict abstain
;; A fresh instance for every evaluation: what the first one kept is gone.
(import "admit:policy/verdict@0.1.0" "abstain" (func $abstain (param i32 i32 i32 i32)))
(global $seen (mut i32) (i32.const 0))
(data (i32.const 0) "code")
(func (export "evaluate") (result i32)
    (if (i32.or (global.get $seen) (i32.load (i32.const 512))) (then (unreachable)))
    (global.set $seen (i32.const 1))
    (i32.store (i32.const 512) (i32.const 1))
    (call $abstain (i32.const 0) (i32.const 4) (i32.const 0) (i32.const 0))
    (i32.const 1024))
