;; expect: fault trap
;; says: unreachable
(func (export "evaluate") (result i32) (unreachable))
