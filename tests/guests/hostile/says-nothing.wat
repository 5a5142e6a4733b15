;; expect: fault answer
;; says: no verdict
(func (export "evaluate") (result i32) (i32.const 1024))
