;; expect: fault fuel
;; says: 5000000
(func (export "evaluate") (result i32) (loop $again (br $again)) (i32.const 1024))
