;; expect: fault deadline
;; says: 50ms
;; fuel: off
(func (export "evaluate") (result i32) (loop $again (br $again)) (i32.const 1024))
