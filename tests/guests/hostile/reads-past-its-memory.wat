;; expect: fault trap
;; says: out of bounds
(func (export "evaluate") (result i32) (i32.load (i32.const 0x7fffffff)))
