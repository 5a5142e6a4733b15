;; expect: error policy-load
;; says: memory
(memory (export "memory") 65)
(func (export "evaluate") (result i32) (i32.const 1024))
