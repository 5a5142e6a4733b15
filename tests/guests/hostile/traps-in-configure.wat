;; expect: error policy-load
;; says: unreachable
(func (export "configure") (result i32) (unreachable))
(func (export "evaluate") (result i32) (i32.const 1024))
