;; expect: error policy-load
;; says: unreachable
(func $start (unreachable))
(start $start)
(func (export "evaluate") (result i32) (i32.const 1024))
